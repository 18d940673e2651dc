// Rows with a value in every column. An arquero table stays one.
import { quote } from "../core/check.ts";
import { columnNamesOf, columnOf, columnsOf, type FrameLike, rowsOf } from "../frame/columns.ts";

/** What arquero's tables can do beyond TableLike. */
interface Reifiable {
  indices(): ArrayLike<number>;
  reify(rows: readonly number[]): unknown;
}

/**
 * Leaves out rows where one of `columns` is null, undefined or NaN.
 *
 * @param columns default: all of the table
 * @returns an arquero table for an arquero table, else plain columns
 */
export function dropNulls<F extends FrameLike>(
  frame: F,
  { columns = columnNamesOf(frame) }: { columns?: readonly string[] } = {},
): F {
  const looked = columns.map((name) => columnOf(frame, name));
  const kept: number[] = [];
  for (let i = 0; i < rowsOf(frame); i++) {
    if (looked.every((values) => isThere(values[i]))) kept.push(i);
  }
  return rowsAt(frame, kept);
}

/**
 * The rows at the given positions, in that order.
 *
 * @throws RangeError a position is none of the table's
 */
export function rowsAt<F extends FrameLike>(frame: F, positions: ArrayLike<number>): F {
  const rows = rowsOf(frame);
  const wanted = Array.from(positions);
  const stray = wanted.find((position) => !(Number.isInteger(position) && position >= 0 && position < rows));
  if (stray !== undefined) {
    throw new RangeError(`Cannot take row ${quote(stray)}: expected a position under ${rows}`);
  }
  if (isReifiable(frame)) {
    const places = frame.indices();
    return frame.reify(wanted.map((position) => places[position]!)) as F;
  }
  const taken = Object.entries(columnsOf(frame)).map(([name, values]) => [name, wanted.map((i) => values[i])]);
  return Object.fromEntries(taken) as F;
}

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined && !Number.isNaN(value);
}

function isReifiable(frame: unknown): frame is Reifiable {
  return typeof (frame as Reifiable).reify === "function" && typeof (frame as Reifiable).indices === "function";
}
