// What of `process` differs in a kernel: output goes to the cell it belongs to, stray errors and exits are told, nothing kills.
import { ChildProcess } from "node:child_process";
import { StringDecoder } from "node:string_decoder";
import { bindingOf } from "../evaluator/run-store.ts";
import { withoutAsyncIds } from "../evaluator/values.ts";
import type { OutputName } from "./child-messages.ts";

/** Both streams; what console writes goes to them. */
export function captureOutput(write: (name: OutputName, text: string) => void): void {
  for (const name of ["stdout", "stderr"] as const) {
    const decoder = new StringDecoder("utf8");
    const capture = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
      const text = typeof chunk === "string" ? chunk : decoder.write(Buffer.from(chunk));
      if (text !== "") write(name, withoutAsyncIds(text));
      const done = typeof encoding === "function" ? encoding : callback;
      if (typeof done === "function") process.nextTick(done as () => void);
      return true;
    };
    process[name].write = capture as typeof process.stdout.write;
  }
}

/**
 * Takes V8's part out of `console`: with an inspector it keeps what every call was given and where it stood, which costs many times the
 * line itself.
 */
export function plainConsole(): void {
  const stream = (name: OutputName) =>
    ({ write: (text: string) => process[name].write(text) }) as NodeJS.WritableStream;
  const plain = new console.Console({
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    ignoreErrors: false, // there are none to ignore
    colorMode: "FORCE_COLOR" in process.env ? "auto" : false,
  });
  Object.assign(console, plain);
}

interface SpawnSync {
  spawn(options: unknown): unknown;
}

/** What is kept of the output is out before anything that could end the process or print beside it. */
export function flushBefore(flush: () => void): void {
  const before = <Args extends unknown[], Result>(call: (...args: Args) => Result) =>
    function (this: unknown, ...args: Args): Result {
      flush();
      return call.apply(this, args);
    };
  process.abort = before(process.abort);
  process.kill = before(process.kill);
  const prototype = ChildProcess.prototype as unknown as SpawnSync;
  prototype.spawn = before(prototype.spawn);
  const sync = bindingOf("spawn_sync") as SpawnSync | undefined;
  if (sync) sync.spawn = before(sync.spawn);
}

/** Errors of timers and of promises nobody awaits. */
export function captureErrors(tell: (error: unknown) => void): void {
  process.on("uncaughtException", tell);
  process.on("unhandledRejection", tell);
}

/** `process.exit` tells its code, runs the exit handlers and ends at once; the parent answers for it. */
export function captureExit(tell: (code: number) => void): void {
  process.exit = (code) => {
    const number = Number(code ?? process.exitCode ?? 0);
    process.removeAllListeners("uncaughtException");
    try {
      process.emit("exit", number);
    } finally {
      tell(Number.isInteger(number) ? number : 1);
      process.kill(process.pid, "SIGKILL");
    }
    throw new Error("Cannot go on: the process has ended");
  };
}
