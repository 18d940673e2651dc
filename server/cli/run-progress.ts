// How runs look while they go: a bar a notebook on a terminal, else a line a cell. Drawn on stderr from the runner's events.
import { MultiBar, Presets, type SingleBar } from "cli-progress";
import type { RunEvent, RunStatus } from "../../kernel/runner/events.ts";
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

export function duration(ms: number): string {
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 100 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function lines(several: boolean): RunProgress {
  const firstLines = new Map<string, string>();
  return {
    show(path, event) {
      if (event.type === "run-started" && !several) note(`${path}: ${event.cells} cells`);
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
  const screen = new MultiBar(
    {
      format: `{mark} {path} {bar} {value}/{total} {elapsed}  {line}`,
      barsize: 20,
      stream: process.stderr,
      hideCursor: true,
      linewrap: false,
      fps: 10,
    },
    Presets.shades_classic,
  );
  const shown = new Map<string, { bar: SingleBar; started: number }>();
  return {
    show(path, event) {
      const found = shown.get(path);
      if (event.type === "run-started") {
        const texts = { mark: "●", path: path.padEnd(width), elapsed: "", line: "" };
        shown.set(path, { bar: screen.create(event.cells, 0, texts), started: performance.now() });
      }
      if (!found) return;
      const elapsed = duration(performance.now() - found.started);
      if (event.type === "cell-started") found.bar.update({ line: event.firstLine, elapsed });
      if (event.type === "cell-ended" && event.status === "ok") found.bar.increment(1, { elapsed });
      if (event.type === "run-ended") found.bar.update({ mark: marks[event.status], line: "", elapsed });
    },
    end: () => screen.stop(),
  };
}
