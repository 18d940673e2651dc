// Columns of numbers as at most 256 bins each, so that a tree counts bytes instead of sorting doubles. A column of at most 256
// different values keeps them all apart: splits are then exactly those of sorted values.
import type { Matrix } from "../core/matrix.ts";

export interface FeatureBins {
  /** Column by column: row i of column j is at j · rows + i. */
  readonly bins: Uint8Array;
  /** Smallest and largest value of each bin, a list a column. */
  readonly low: readonly Float64Array[];
  readonly high: readonly Float64Array[];
}

const most = 256;

/** @param X finite numbers */
export function featureBins({ rows, columns, data }: Matrix): FeatureBins {
  const bins = new Uint8Array(rows * columns);
  const low: Float64Array[] = [];
  const high: Float64Array[] = [];
  const values = new Float64Array(rows);
  for (let j = 0; j < columns; j++) {
    for (let i = 0, k = j; i < rows; i++, k += columns) values[i] = data[k]!;
    const ends = binEnds(values.slice().sort());
    low.push(ends.low);
    high.push(ends.high);
    for (let i = 0; i < rows; i++) bins[j * rows + i] = binOf(ends.high, values[i]!);
  }
  return { bins, low, high };
}

/** Equal values share a bin; of many, each bin gets about as many rows. */
function binEnds(sorted: Float64Array): { low: Float64Array; high: Float64Array } {
  const starts = [0];
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) starts.push(i);
  const kept = starts.length <= most ? starts : thinned(starts, sorted.length);
  return {
    low: Float64Array.from(kept, (start) => sorted[start]!),
    high: Float64Array.from(kept, (_, b) => sorted[(kept[b + 1] ?? sorted.length) - 1]!),
  };
}

/** Of the places where a new value starts, the first at or after each 256th part of the rows. */
function thinned(starts: readonly number[], rows: number): number[] {
  const kept: number[] = [];
  for (const start of starts) if (start >= (kept.length * rows) / most && kept.length < most) kept.push(start);
  return kept;
}

/** The first bin whose largest value is not below `value`. */
function binOf(high: Float64Array, value: number): number {
  let first = 0;
  let last = high.length - 1;
  while (first < last) {
    const middle = (first + last) >> 1;
    if (high[middle]! >= value) last = middle;
    else first = middle + 1;
  }
  return first;
}
