// When types are checked, and what a cell's outcome has to do with it: `check` refuses what is wrong before it runs, `run` tells it
// beside the output.
import { setTimeout as sleep } from "node:timers/promises";
import { type Checker, createChecker } from "../checker/checker.ts";
import { toCellError, toHtml, toText } from "../checker/diagnostics.ts";
import { Interruption } from "../evaluator/interrupts.ts";
import type { CellError } from "../evaluator/stack-traces.ts";
import type { MimeBundle } from "../evaluator/values.ts";
import type { Mode } from "./mode.ts";

export interface CheckableCell {
  readonly label: string;
  readonly code: string;
}

export interface Checks {
  readonly checker: Checker;
  /** Cells wait for their check. */
  readonly first: boolean;
  /** Why the cell must not run; undefined if it may. */
  before(cell: CheckableCell): Promise<CellError | undefined>;
  /** What is to be shown under a cell that runs without having been checked. */
  beside(cell: CheckableCell, ended: Promise<unknown>): Promise<MimeBundle | undefined>;
  /** A check under way ends as an interrupted cell does. */
  interrupt(): void;
  /** The kernel ends: nothing more is told. */
  close(): void;
}

/** What follows a cell waits for a moment in which no cell runs: it would take time from it. */
const quietMs = 20;
/** A cell that runs longer is checked meanwhile. */
const briefMs = 250;
/** But not for ever: a notebook of many quick cells is told of its types at its end. */
const patienceMs = 2000;

export function createChecks(mode: Mode, folder = process.cwd()): Checks {
  const checker = createChecker(folder);
  let stop: (() => void) | undefined;
  let closing = false;
  let queue: Promise<unknown> = Promise.resolve();
  let running = 0;
  let quietFromMs = 0;
  if (mode === "check") checker.warmUp();

  async function before({ label, code }: CheckableCell): Promise<CellError | undefined> {
    if (mode === "run") return undefined;
    const interrupted = new Promise<"interrupted">((resolve) => {
      stop = () => resolve("interrupted");
    });
    try {
      const checked = await Promise.race([checker.check(code), interrupted]);
      if (checked === "interrupted") return interruption();
      if (checked.diagnostics.length > 0) return toCellError(checked.diagnostics, label, code);
      checked.accept();
      return undefined;
    } catch (error) {
      return unchecked(error as Error);
    } finally {
      stop = undefined;
    }
  }

  /** One after the other, as the cells ran; the first one waits for its cell, so that getting ready takes nothing from it. */
  function beside({ label, code }: CheckableCell, ended: Promise<unknown>): Promise<MimeBundle | undefined> {
    if (mode === "check") return Promise.resolve(undefined);
    const askedMs = performance.now();
    running++;
    quietFromMs = askedMs + briefMs;
    void ended.then(() => {
      if (--running === 0) quietFromMs = performance.now() + quietMs;
    });
    const told = queue.then(async (): Promise<MimeBundle | undefined> => {
      if (!checker.isWarm()) await ended;
      await untilQuiet(askedMs);
      const { diagnostics, accept } = await checker.check(code);
      accept();
      if (diagnostics.length === 0) return undefined;
      return { "text/plain": toText(diagnostics, label, code), "text/html": toHtml(diagnostics, label, code) };
    });
    queue = told.catch(() => {}); // told under its own cell
    return told.catch((error: Error) =>
      closing ? undefined : { "text/plain": `Types were not checked: ${error.message}` },
    );
  }

  async function untilQuiet(askedMs: number): Promise<void> {
    for (;;) {
      const leftMs = Math.min(quietFromMs, askedMs + patienceMs) - performance.now();
      if (leftMs <= 0) return;
      await sleep(leftMs);
    }
  }

  return {
    checker,
    first: mode === "check",
    before,
    beside,
    interrupt: () => stop?.(),
    close: () => {
      closing = true;
      checker.close();
    },
  };
}

function interruption(): CellError {
  const { name, message } = new Interruption();
  return { ename: name, evalue: message, traceback: [`${name}: ${message}`, "    while its types were checked"] };
}

function unchecked({ message }: Error): CellError {
  const evalue = `Cannot check types: ${message}`;
  const way = "The kernel TypeScript (Cellwright, run at once) does without.";
  return { ename: "TypeCheckError", evalue, traceback: [`TypeCheckError: ${evalue}`, way] };
}
