// How a run of a notebook ended, as the command tells it in its several ways. Types only.
import type { CellFailure } from "../../../kernel/runner/events.ts";
import type { RunReport } from "../../../kernel/runner/run-notebook.ts";

/** Without a place when no kernel came up. */
export type Failure = Pick<CellFailure, "ename" | "evalue" | "traceback"> & Partial<CellFailure>;

export interface RunResult extends Omit<RunReport, "notebook" | "failure"> {
  /** Absent when no kernel came up. */
  readonly out?: string;
  readonly html?: string;
  readonly pdf?: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly failure?: Failure;
}
