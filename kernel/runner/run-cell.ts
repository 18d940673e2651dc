// One cell in a kernel, until it answers, takes too long, is no longer wanted, or takes the kernel along.
import { type KernelConnection, KernelDiedError, type KernelMessage } from "../client/kernel-connection.ts";
import type { CellStatus } from "./events.ts";

export interface CellResult {
  readonly status: CellStatus;
  readonly executionCount: number | null;
  /** Set unless ok. */
  readonly error?: { readonly ename: string; readonly evalue: string; readonly traceback: readonly string[] };
}

export interface RunCellOptions {
  readonly onOutput: (message: KernelMessage) => void;
  /** Infinity: no limit. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** So long an interrupted cell has to end; then the run goes on without it. */
const graceMs = 3000;

export async function runCell(
  kernel: KernelConnection,
  code: string,
  { onOutput, timeoutMs, signal }: RunCellOptions,
): Promise<CellResult> {
  // Not disposed when done: what a cell still prints later is its own output.
  const future = kernel.requestExecute({ code, stop_on_error: false, allow_stdin: false }, false);
  future.onIOPub = onOutput;
  const answer = answerOf(kernel, future.done);
  const first = await Promise.race([answer, limit(timeoutMs, answer), aborted(signal, answer)]);
  if (typeof first !== "string") return first;
  const interrupted = kernel.interrupt().catch(() => {});
  const last = await Promise.race([interrupted.then(() => answer), limit(graceMs, answer)]);
  const executionCount = typeof last === "string" ? null : last.executionCount;
  if (typeof last !== "string" && last.status === "died") return last;
  return { status: first, executionCount, error: reasons[first](timeoutMs) };
}

/** A cell that ended the kernel may have been answered first: only one whose kernel still answers is through. */
async function answerOf(kernel: KernelConnection, done: Promise<Reply>): Promise<CellResult> {
  try {
    const result = resultOf(await done);
    await kernel.requestKernelInfo();
    return result;
  } catch (error) {
    return failureOf(error);
  }
}

type Reply = Awaited<ReturnType<KernelConnection["requestExecute"]>["done"]>;

function resultOf({ content }: Reply): CellResult {
  const { status, execution_count: count, ename, evalue, traceback } = content;
  const executionCount = count ?? null;
  if (status === "ok") return { status: "ok", executionCount };
  const fallback = status === "error" ? "the cell failed" : "the kernel did not run the cell";
  return {
    status: ename === "KernelDied" ? "died" : "failed", // our kernel outlives the process that ran the cell for just this reply
    executionCount,
    error: { ename: ename ?? "Error", evalue: evalue ?? fallback, traceback: traceback ?? [] },
  };
}

function failureOf(error: unknown): CellResult {
  const { message } = error as Error;
  const ename = error instanceof KernelDiedError ? "KernelDied" : "KernelLost";
  return { status: "died", executionCount: null, error: { ename, evalue: message, traceback: message.split("\n") } };
}

const reasons = {
  "timed-out": (ms: number) =>
    reason("Timeout", `the cell was interrupted: it had run for ${Math.round(ms / 100) / 10} s`),
  cancelled: () => reason("Cancelled", "the cell was interrupted: the run was cancelled"),
};

function reason(ename: string, evalue: string): NonNullable<CellResult["error"]> {
  return { ename, evalue, traceback: [`${ename}: ${evalue}`] };
}

function limit(ms: number, unless: Promise<unknown>): Promise<"timed-out"> {
  return new Promise((resolve) => {
    if (ms === Number.POSITIVE_INFINITY) return;
    const timer = setTimeout(() => resolve("timed-out"), Math.min(ms, 2 ** 31 - 1));
    void unless.then(() => clearTimeout(timer));
  });
}

function aborted(signal: AbortSignal | undefined, unless: Promise<unknown>): Promise<"cancelled"> {
  return new Promise((resolve) => {
    if (!signal) return;
    const abort = () => resolve("cancelled");
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    void unless.then(() => signal.removeEventListener("abort", abort));
  });
}
