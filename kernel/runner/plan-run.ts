// Which cells a run executes, in order. Pure.
import { type CodeCell, hasTag, isCode, type Notebook, sourceOf } from "../notebook/nbformat.ts";
import type { CellPlace } from "./events.ts";

export interface PlannedCell extends CellPlace {
  readonly code: string;
  readonly firstLine: string;
  /** An error is no failure: the cell is tagged `raises-exception`. */
  readonly mayFail: boolean;
}

/** Code cells with something in them; one tagged `skip-execution` is left out, as Jupyter's tools have it. */
export function planRun({ cells }: Notebook): PlannedCell[] {
  const runs = cells.flatMap((cell, index) =>
    isCode(cell) && sourceOf(cell).trim() !== "" && !hasTag(cell, "skip-execution") ? [{ cell, index }] : [],
  );
  return runs.map(({ cell, index }, i) => ({
    index,
    position: i + 1,
    of: runs.length,
    id: cell.id ?? `cell-${index + 1}`,
    code: sourceOf(cell),
    firstLine: firstLineOf(cell),
    mayFail: hasTag(cell, "raises-exception"),
  }));
}

function firstLineOf(cell: CodeCell): string {
  const line = sourceOf(cell)
    .split("\n")
    .find((text) => text.trim() !== "")!
    .trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
