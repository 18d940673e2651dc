// How job runs look while they go: a bar a notebook on a terminal, else a line when one begins and one when it ends. Told by the
// same events as the dashboard's Home.
import type { JobRun, JobRunStatus } from "../../lib/contract/job.ts";
import { duration } from "./duration.ts";
import { notebookBars } from "./notebook-bars.ts";
import { note } from "./output.ts";

export interface JobProgress {
  show(run: JobRun): void;
  end(): void;
}

const marks: Record<JobRunStatus, string> = {
  queued: "…",
  running: "●",
  succeeded: "✔",
  failed: "✖",
  timed_out: "✖",
  stopped: "…",
  skipped: "…",
};

/** @param width of the longest file; @param terminal default: whether stderr is one */
export function jobProgress(width: number, terminal: boolean = process.stderr.isTTY === true): JobProgress {
  return terminal ? bars(width) : lines(width);
}

function bars(width: number): JobProgress {
  const screen = notebookBars(width);
  return {
    show({ file, status, cells, ran, current }) {
      if (status === "queued") return;
      screen.show(file, { mark: marks[status], cells, ran, line: current?.firstLine ?? "" });
    },
    end: () => screen.end(),
  };
}

function lines(width: number): JobProgress {
  const told = new Map<string, string>();
  return {
    show({ id, file, status, attempt, cells, ran, startedAt, endedAt }) {
      const state = `${status} ${attempt}`;
      if (status === "queued" || told.get(id) === state) return;
      told.set(id, state);
      const words = [status.padEnd(9), file.padEnd(width)];
      if (endedAt === undefined) return note(words.join("  ").trimEnd());
      note([...words, `${ran} of ${cells} cells`, duration(endedAt - (startedAt ?? endedAt))].join("  "));
    },
    end() {},
  };
}
