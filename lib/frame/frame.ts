// A table in memory with verbs: filter, derive, groupby, rollup, join, … (arquero's column table).
import { ColumnTable } from "./arquero.ts";
import { frameFromTyped } from "./arrow.ts";
import { type Columns, columnNamesOf, columnOf, columnsOf, type FrameLike, rowsOf } from "./columns.ts";
import type { TableSchema } from "./field-type.ts";

/** An arquero table: `frame.filter(…)`, `frame.groupby("Churn").rollup(…)`, `frame.array("tenure")`. */
export type Frame = ColumnTable;

/** One row as an object. */
export type Row = { readonly [column: string]: unknown };

export interface FrameOptions {
  /** Types of the columns; their order is the frame's. Default: the values tell. */
  readonly types?: TableSchema;
}

/**
 * A frame of named columns, of row objects, or of any other table.
 *
 * @param data columns of equal length, or rows: a column is every key that occurs, a missing one is null
 * @throws RangeError columns differ in length, or differ from `types`
 * @throws TypeError a value does not fit its type
 */
export function frameOf(data: FrameLike | readonly Row[], { types }: FrameOptions = {}): Frame {
  const columns = Array.isArray(data) ? columnsOfRows(data as readonly Row[]) : columnsOf(data as FrameLike);
  if (types) return frameFromTyped(columns, types);
  rowsOf(columns);
  return new ColumnTable(Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, stored(values)])));
}

/** The first rows. */
export function head(frame: FrameLike, rows = 5): Frame {
  return isFrame(frame) ? frame.slice(0, rows) : frameOf(frame).slice(0, rows);
}

/** By its verbs: a notebook may bring an arquero of its own. */
export function isFrame(value: unknown): value is Frame {
  return typeof (value as Frame | null)?.groupby === "function" && typeof (value as Frame).slice === "function";
}

/** Row objects of any table, the first `limit` of them. */
export function rowObjectsOf(frame: FrameLike, limit = Number.POSITIVE_INFINITY): Row[] {
  const columns = columnNamesOf(frame).map((name) => [name, columnOf(frame, name)] as const);
  return Array.from({ length: Math.min(rowsOf(frame), limit) }, (_, i) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[i]])),
  );
}

function columnsOfRows(rows: readonly Row[]): Columns {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return Object.fromEntries([...names].map((name) => [name, rows.map((row) => row[name] ?? null)]));
}

function stored(values: ArrayLike<unknown>): unknown[] {
  return (Array.isArray(values) || ArrayBuffer.isView(values) ? values : Array.from(values)) as unknown[];
}
