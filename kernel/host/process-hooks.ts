// What of `process` differs in a kernel: output goes to the cell it belongs to, stray errors and exits are told, nothing kills.
import { StringDecoder } from "node:string_decoder";
import { withoutAsyncIds } from "../evaluator/values.ts";
import type { OutputName } from "./child-messages.ts";

/** `console` and both streams; Node's console writes to them. */
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
