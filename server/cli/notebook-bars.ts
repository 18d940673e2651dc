// A bar a notebook on a terminal, drawn on stderr: `cellwright run` and the first start look the same.
import { MultiBar, Presets, type SingleBar } from "cli-progress";
import { duration } from "./duration.ts";

export interface NotebookBar {
  /** ● while it runs, then how it ended. */
  readonly mark: string;
  readonly cells: number;
  readonly ran: number;
  /** First line of the cell under way. */
  readonly line: string;
}

export interface NotebookBars {
  /** Appears with its first word; its time runs from there. */
  show(path: string, bar: NotebookBar): void;
  end(): void;
}

/** @param width of the longest path */
export function notebookBars(width: number): NotebookBars {
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
    show(path, { mark, cells, ran, line }) {
      const found = shown.get(path);
      const started = found?.started ?? performance.now();
      const texts = { mark, path: path.padEnd(width), elapsed: duration(performance.now() - started), line };
      const bar = found?.bar ?? screen.create(cells, ran, texts);
      shown.set(path, { bar, started });
      bar.setTotal(cells);
      bar.update(ran, texts);
    },
    end: () => screen.stop(),
  };
}
