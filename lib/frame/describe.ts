// A table in numbers: one row per column with its type, its nulls and what its values spread over.
import { mean, quantiles, standardDeviation } from "../core/statistics.ts";
import { columnNamesOf, columnOf, type FrameLike } from "./columns.ts";
import { typeNameOf } from "./field-type.ts";
import { type Frame, frameOf } from "./frame.ts";

/** Quantities of one column; those that do not apply are null. */
interface ColumnSummary {
  readonly column: string;
  readonly type: string;
  readonly count: number;
  readonly nulls: number;
  readonly distinct: number;
  readonly mean: number | null;
  /** Sample standard deviation (n − 1). */
  readonly sd: number | null;
  readonly min: number | Date | null;
  readonly q25: number | null;
  readonly median: number | null;
  readonly q75: number | null;
  readonly max: number | Date | null;
  /** Most frequent value of a text or boolean column, and how often it occurs. */
  readonly top: string | null;
  readonly topCount: number | null;
}

/**
 * Summary of each column: count, nulls, distinct values, and mean, sd, min, quartiles, max of numbers, most frequent text.
 *
 * Quartiles interpolate linearly, as numpy does. `count` leaves out nulls and NaN.
 */
export function describe(frame: FrameLike): Frame {
  return frameOf(columnNamesOf(frame).map((name) => ({ ...summaryOf(frame, name) })));
}

function summaryOf(frame: FrameLike, column: string): ColumnSummary {
  const type = typeNameOf(frame, column);
  const all = Array.from(columnOf(frame, column));
  const values = all.filter((value) => value !== null && value !== undefined && !Number.isNaN(value));
  const general = { column, type, count: values.length, nulls: all.length - values.length };
  const counts = countsOf(values);
  const nothing = {
    mean: null,
    sd: null,
    min: null,
    q25: null,
    median: null,
    q75: null,
    max: null,
    top: null,
    topCount: null,
  };
  if (values.length === 0) return { ...general, distinct: 0, ...nothing };
  const distinct = counts.size;
  if (type === "double" || type === "float" || type === "long" || type === "integer") {
    return { ...general, distinct, ...nothing, ...spreadOf(values.map(Number)) };
  }
  if (type === "timestamp" || type === "date") {
    const times = (values as Date[]).map(Number).sort((a, b) => a - b);
    return { ...general, distinct, ...nothing, min: new Date(times[0]!), max: new Date(times.at(-1)!) };
  }
  const [top, topCount] = mostFrequent(counts);
  return { ...general, distinct, ...nothing, top, topCount };
}

function spreadOf(values: number[]): Pick<ColumnSummary, "mean" | "sd" | "min" | "q25" | "median" | "q75" | "max"> {
  const [min, q25, median, q75, max] = quantiles(values, [0, 0.25, 0.5, 0.75, 1]) as unknown as [
    number,
    number,
    number,
    number,
    number,
  ];
  const sd = values.length > 1 ? standardDeviation(values, { ddof: 1 }) : null;
  return { mean: mean(values), sd, min, q25, median, q75, max };
}

/** By value; dates by their time. */
function countsOf(values: readonly unknown[]): Map<unknown, number> {
  const counts = new Map<unknown, number>();
  for (const value of values) {
    const key =
      typeof value === "object" && value !== null
        ? String(Number.isFinite(+(value as Date)) ? +(value as Date) : JSON.stringify(value))
        : value;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function mostFrequent(counts: ReadonlyMap<unknown, number>): [string, number] {
  const [value, count] = [...counts].reduce((best, next) => (next[1] > best[1] ? next : best));
  return [String(value), count];
}
