// One attempt of a run as a process in a group of its own: started, listened to, ended. Decides nothing about when.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import type { RunEvent } from "../../kernel/runner/events.ts";

export interface RunProcessOptions {
  /** Script and its arguments; Node runs it. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The compiled end-with-server.ts. */
  readonly watcher: string;
  readonly onEvent: (event: RunEvent) => void;
  readonly onOutput: (text: string) => void;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** It could not be started. */
  readonly problem?: string;
}

export interface RunProcess {
  readonly pid: number | undefined;
  readonly ended: Promise<ProcessEnd>;
  /** Asks it to end; what has not after `graceMs` is killed. */
  interrupt(graceMs: number): void;
  kill(): void;
}

/** What it left open is not waited for longer than this. */
const closeWithinMs = 1000;

export function startRunProcess({ argv, cwd, env, watcher, onEvent, onOutput }: RunProcessOptions): RunProcess {
  const preload = `${pathToFileURL(watcher).href}?owner=${process.pid}`;
  const child = spawn(process.execPath, ["--import", preload, ...argv], {
    cwd,
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const streams = child.stdio.slice(1) as Readable[];
  const [output, errors, events] = streams as [Readable, Readable, Readable];
  for (const stream of streams) stream.on("error", () => {}); // the pipe of a killed process
  for (const stream of [output, errors]) stream.setEncoding("utf8").on("data", onOutput);
  createInterface({ input: events, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) => {
    const event = eventIn(line);
    if (event) onEvent(event);
  });
  let hasEnded = false;
  let tooLong: NodeJS.Timeout | undefined;
  const signalGroup = (signal: NodeJS.Signals): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {} // nobody is left in it
  };
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once("exit", () => {
      hasEnded = true;
      clearTimeout(tooLong);
      signalGroup("SIGKILL"); // what it started ends with it
      setTimeout(() => {
        for (const stream of streams) stream.destroy();
      }, closeWithinMs).unref();
    });
    child.once("close", (code, signal) => resolve({ code, signal }));
    child.once(
      "error",
      ({ message }) => child.pid === undefined && resolve({ code: null, signal: null, problem: message }),
    );
  });
  return {
    pid: child.pid,
    ended,
    interrupt(graceMs) {
      if (hasEnded || tooLong) return;
      if (child.pid !== undefined) child.kill("SIGINT");
      tooLong = setTimeout(() => signalGroup("SIGKILL"), graceMs);
    },
    kill: () => signalGroup("SIGKILL"),
  };
}

/** A script may write what it likes to its descriptor 3. */
function eventIn(line: string): RunEvent | undefined {
  try {
    const event = JSON.parse(line) as RunEvent | null;
    return typeof event?.type === "string" ? event : undefined;
  } catch {
    return undefined;
  }
}
