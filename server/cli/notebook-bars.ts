// A bar a notebook on a terminal, drawn on stderr: `cellwright run` and the first start look the same.
import { type GenericFormatter, MultiBar, Presets, type SingleBar } from "cli-progress";
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

const barLength = 20;

/** @param width of the longest path */
export function notebookBars(width: number): NotebookBars {
  const screen = new MultiBar(
    {
      format: lineOf,
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
      const texts: Texts = { mark, path: path.padEnd(width), line, started, shown: performance.now() };
      const bar = found?.bar ?? screen.create(cells, ran, texts);
      shown.set(path, { bar, started });
      bar.setTotal(cells);
      bar.update(ran, texts);
    },
    end: () => screen.stop(),
  };
}

interface Texts {
  readonly mark: string;
  readonly path: string;
  readonly line: string;
  /** Milliseconds, as `performance.now()` tells them. */
  readonly started: number;
  readonly shown: number;
}

/** Drawn anew all the time: while a cell runs its notebook's time goes on. */
const lineOf: GenericFormatter = (_options, { value, total, progress }, payload) => {
  const { mark, path, line, started, shown } = payload as Texts;
  const until = mark === "●" ? performance.now() : shown;
  const full = Math.round(progress * barLength);
  const bar = "█".repeat(full) + "░".repeat(barLength - full);
  return `${mark} ${path} ${bar} ${value}/${total} ${duration(until - started)}  ${line}`;
};
