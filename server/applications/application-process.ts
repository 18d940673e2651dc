// One process of an application: started in a process group of its own, ready when its port answers, ended with all it started.
// Decides nothing about starting it again.
import { spawn } from "node:child_process";
import { type AddressInfo, connect, createServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { ApplicationLog } from "./application-log.ts";

export interface ProcessOptions {
  /** The program as Node runs it. */
  readonly program: string;
  /** The compiled preload.ts. */
  readonly preload: string;
  readonly port: number;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly memoryMb: number;
  readonly log: ApplicationLog;
  /** How long the port may take to answer. Default a minute. */
  readonly startWithinMs?: number;
}

export interface ApplicationProcess {
  readonly pid: number | undefined;
  /** Resolves true when the port answers, false when the process ended first. */
  readonly ready: Promise<boolean>;
  /** Why it ended, for people. */
  readonly ended: Promise<string>;
  /** Asks it to end; what is left of it after `withinMs` is killed. */
  stop(withinMs: number): Promise<void>;
}

const lookEveryMs = 50;

export function startProcess(options: ProcessOptions): ApplicationProcess {
  const { port, log, startWithinMs = 60_000 } = options;
  const child = spawnProgram(options);
  let late = false;
  let asked = false;
  let over = false;
  const ended = new Promise<string>((resolve) => {
    const end = (reason: string): void => {
      over = true;
      killGroup(child.pid); // what it started and left behind
      resolve(reason);
    };
    child.once("exit", (code, signal) => end(reasonOf(code, signal)));
    child.once("error", (error) => child.pid === undefined && end(`did not start: ${error.message}`));
  });
  void ended.then((reason) => log.note(`process ${child.pid ?? "?"} ${reason}`));

  function reasonOf(code: number | null, signal: string | null): string {
    if (late) return `did not listen on CELLWRIGHT_APP_PORT within ${startWithinMs / 1000} s`;
    if (asked) return "stopped";
    return signal ? `ended by ${signal}` : `ended with exit code ${code}`;
  }

  async function becomeReady(): Promise<boolean> {
    for (const latest = performance.now() + startWithinMs; !over; await wait(lookEveryMs)) {
      if (await answers(port)) return !over;
      if (performance.now() < latest) continue;
      late = true;
      killGroup(child.pid);
      await ended;
    }
    return false;
  }

  async function stop(withinMs: number): Promise<void> {
    if (over) return;
    asked = true;
    child.kill("SIGTERM");
    const tooLong = setTimeout(() => killGroup(child.pid), withinMs);
    await ended;
    clearTimeout(tooLong);
  }

  return { pid: child.pid, ready: becomeReady(), ended, stop };
}

function spawnProgram({ program, preload, port, cwd, env, memoryMb, log }: ProcessOptions) {
  const args = [`--max-old-space-size=${memoryMb}`, "--enable-source-maps", "--import", preload, program];
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...env, CELLWRIGHT_APP_PORT: String(port), CELLWRIGHT_OWNER_PID: String(process.pid) },
    detached: true, // a group of its own: Ctrl-C on the server's terminal is not the program's to hear
    stdio: ["ignore", "pipe", "pipe"],
  });
  log.follow(child.stdout);
  log.follow(child.stderr);
  return child;
}

/** A port that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const end = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // nobody is left in it
  }
}
