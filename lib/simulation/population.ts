// The rows that a simulation's calls are drawn from, and a call while it is being decided. Pure.
import type { JsonObject, JsonValue } from "../contract/signature.ts";
import { listOf, quote } from "../core/check.ts";
import { columnNamesOf, type FrameLike } from "../frame/columns.ts";
import { type Row, rowObjectsOf } from "../frame/frame.ts";

export interface Population {
  readonly rows: readonly Row[];
  /** The rows whose label is the positive one. */
  readonly positives: readonly Row[];
  readonly label: string;
  readonly positive: string;
  /** The other label. */
  readonly negative: string;
  readonly features: readonly string[];
}

/** A call while it is being decided. */
export interface Draft {
  readonly row: Row;
  readonly truth: string;
  readonly request: JsonObject;
  readonly delayMs: number;
}

/** @throws RangeError no such column, or a label that has not two values, one of them the positive one */
export function populationOf(frame: FrameLike, label: string, positive: string): Population {
  const columns = columnNamesOf(frame);
  if (!columns.includes(label)) {
    throw new RangeError(`Cannot simulate calls: found no column ${quote(label)}, expected one of ${listOf(columns)}`);
  }
  const rows = rowObjectsOf(frame).filter((row) => row[label] !== null && row[label] !== undefined);
  const labels = [...new Set(rows.map((row) => String(row[label])))];
  const [negative, ...more] = labels.filter((name) => name !== positive);
  if (!labels.includes(positive) || negative === undefined || more.length > 0) {
    throw new RangeError(
      `Cannot simulate calls: found ${listOf(labels)} in column ${quote(label)}, expected ${quote(positive)} and one other value`,
    );
  }
  const features = columns.filter((name) => name !== label);
  const positives = rows.filter((row) => String(row[label]) === positive);
  return { rows, positives, label, positive, negative, features };
}

/** What a row sends, and its truth. */
export function draftOf(row: Row, { label, features }: Population): Draft {
  const entries = features.filter((name) => row[name] !== null && row[name] !== undefined);
  const request = Object.fromEntries(entries.map((name) => [name, row[name] as JsonValue]));
  return { row, truth: String(row[label]), request, delayMs: 0 };
}
