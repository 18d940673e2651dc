// How runs look while they go: a bar a notebook on a terminal, else a line a cell. Drawn on stderr from the runner's events.
import type { RunEvent, RunStarted, RunStatus } from "../../kernel/runner/events.ts";
import { duration } from "./duration.ts";
import { type NotebookBar, notebookBars } from "./notebook-bars.ts";
import { note } from "./output.ts";

export interface RunProgress {
  show(path: string, event: RunEvent): void;
  end(): void;
}

const marks: Record<RunStatus, string> = { ok: "✔", failed: "✖", "timed-out": "✖", died: "✖", cancelled: "…" };

/** @param terminal default: whether stderr is one */
export function runProgress(paths: readonly string[], terminal: boolean = process.stderr.isTTY === true): RunProgress {
  const width = Math.max(...paths.map((path) => path.length));
  return terminal ? bars(width) : lines(paths.length > 1);
}

/** ✔ on a terminal, a word elsewhere. */
export function mark(status: RunStatus, terminal: boolean): string {
  if (!terminal) return status;
  return status === "ok" || status === "failed" ? marks[status] : `${marks[status]} ${status}`;
}

function lines(several: boolean): RunProgress {
  const firstLines = new Map<string, string>();
  const tellStart = (path: string, { cells, kept, again }: RunStarted): void => {
    if (kept) note(`${path}: ${cells} cells, ${kept.length} kept, ${again!.length} of the earlier ones run again`);
    else if (!several) note(`${path}: ${cells} cells`);
  };
  return {
    show(path, event) {
      if (event.type === "run-started") tellStart(path, event);
      if (event.type === "cell-started") firstLines.set(path, event.firstLine);
      if (event.type !== "cell-ended") return;
      const { status, position, of, ms } = event;
      const count = `${String(position).padStart(String(of).length)}/${of}`;
      const words = [...(several ? [path] : []), status, count, duration(ms).padStart(6), firstLines.get(path)!];
      note(words.join("  "));
    },
    end() {},
  };
}

function bars(width: number): RunProgress {
  const screen = notebookBars(width);
  const states = new Map<string, NotebookBar>();
  const change = (path: string, change: Partial<NotebookBar>): void => {
    const state = { mark: "●", cells: 0, ran: 0, line: "", ...states.get(path), ...change };
    states.set(path, state);
    screen.show(path, state);
  };
  return {
    show(path, event) {
      if (event.type === "run-started") change(path, { cells: event.cells, ran: event.kept?.length ?? 0 });
      if (event.type === "cell-started") change(path, { line: event.firstLine });
      if (event.type === "cell-ended" && event.status === "ok") change(path, { ran: (states.get(path)?.ran ?? 0) + 1 });
      if (event.type === "run-ended") change(path, { mark: marks[event.status], line: "" });
    },
    end: () => screen.end(),
  };
}
