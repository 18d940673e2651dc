// What a run tells as it goes, one JSON object a line. Progress bars, jobs and reports all read these.
import { writeSync } from "node:fs";

export type CellStatus = "ok" | "failed" | "timed-out" | "died" | "cancelled";
export type RunStatus = CellStatus;

export interface RunStarted {
  readonly type: "run-started";
  readonly path: string;
  /** Code cells to run. */
  readonly cells: number;
  /** One item a cell, in their order. */
  readonly plan: readonly { readonly position: number; readonly id: string; readonly firstLine: string }[];
  /** Set when it goes on after an earlier run: positions of cells left as they were, and of those run again for later ones. */
  readonly kept?: readonly number[];
  readonly again?: readonly number[];
}
/** Which cell an event is about. */
export interface CellPlace {
  /** Of all the notebook's cells, from 0. */
  readonly index: number;
  /** Of those that run, from 1. */
  readonly position: number;
  readonly of: number;
  readonly id: string;
}
export interface CellStarted extends CellPlace {
  readonly type: "cell-started";
  readonly firstLine: string;
}
export interface CellOutput {
  readonly type: "cell-output";
  readonly index: number;
  readonly kind: "stdout" | "stderr" | "display" | "result" | "error";
  readonly text: string;
}
export interface CellEnded extends CellPlace {
  readonly type: "cell-ended";
  readonly status: CellStatus;
  readonly ms: number;
}
/** The cell a run ended at, and why. */
export interface CellFailure extends CellPlace {
  readonly firstLine: string;
  readonly code: string;
  /** Of the code, from 1, where the traceback tells it. */
  readonly line?: number;
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}
export interface RunEnded {
  readonly type: "run-ended";
  readonly path: string;
  readonly status: RunStatus;
  readonly ms: number;
  readonly failedCell?: CellFailure;
}
export type RunEvent = RunStarted | CellStarted | CellOutput | CellEnded | RunEnded;

/** Writes events to a file descriptor; a reader that went away is no reason to stop the run. */
export function eventWriter(fd: number): (event: RunEvent) => void {
  let open = true;
  return (event) => {
    let rest = Buffer.from(`${JSON.stringify(event)}\n`);
    while (open && rest.length > 0) {
      try {
        rest = rest.subarray(writeSync(fd, rest));
      } catch (error) {
        open = (error as NodeJS.ErrnoException).code === "EAGAIN"; // a full pipe: its reader is at work
        if (open) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
      }
    }
  };
}
