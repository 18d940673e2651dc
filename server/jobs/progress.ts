// From the runner's events to what a run's page shows: its cells, how far it is, and what failed. Pure.
import type { RunEvent } from "../../kernel/runner/events.ts";
import type { JobCell, JobFailure } from "../../lib/contract/job.ts";

export interface Progress {
  readonly cells: readonly JobCell[];
  readonly ran: number;
  readonly current?: { readonly position: number; readonly firstLine: string };
  readonly failure?: JobFailure;
  /** How the notebook says it ended; absent while it runs, and for a script. */
  readonly ended?: "ok" | "failed" | "timed-out" | "died" | "cancelled";
}

export const noProgress: Progress = { cells: [], ran: 0 };

/** @returns the progress after an event, and the cell that it changed */
export function follow(progress: Progress, event: RunEvent, now: number): { progress: Progress; cell?: JobCell } {
  switch (event.type) {
    case "run-started":
      return { progress: { cells: event.plan.map((place) => ({ ...place, status: "waiting" })), ran: 0 } };
    case "cell-started": {
      const { position, id, firstLine } = event;
      const cell: JobCell = { position, id, firstLine, status: "running", startedAt: now };
      return { progress: { ...withCell(progress, cell), current: { position, firstLine } }, cell };
    }
    case "cell-ended": {
      const before = progress.cells[event.position - 1];
      const { position, id, status, ms } = event;
      const cell: JobCell = {
        ...{ position, id, firstLine: before?.firstLine ?? "", status },
        ...(before?.startedAt !== undefined && { startedAt: before.startedAt }),
        ms,
      };
      const { current: _, ...rest } = withCell(progress, cell);
      return { progress: { ...rest, ran: progress.ran + (status === "ok" ? 1 : 0) }, cell };
    }
    case "cell-output":
      return { progress };
    case "run-ended": {
      const { current: _, ...rest } = progress;
      const failure = event.failedCell && failureOf(event.failedCell);
      return { progress: { ...rest, ended: event.status, ...(failure && { failure }) } };
    }
  }
}

function withCell(progress: Progress, cell: JobCell): Progress {
  const cells = [...progress.cells];
  cells[cell.position - 1] = cell;
  return { ...progress, cells };
}

type FailedCell = NonNullable<Extract<RunEvent, { type: "run-ended" }>["failedCell"]>;

function failureOf({ position, of, id, ename, evalue, code, traceback }: FailedCell): JobFailure {
  return {
    cell: `cell ${position} of ${of} (${id})`,
    name: ename,
    message: evalue,
    code,
    traceback: traceback.map(plain),
  };
}

/** Without the colours of a terminal. */
export function plain(text: string): string {
  return text.replaceAll(/\x1b\[[0-9;]*[A-Za-z]/g, "");
}
