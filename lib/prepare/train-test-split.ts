// Rows for training and rows for testing, drawn once and for all by a seed.
import { requireSameLength } from "../core/check.ts";
import { type Matrix, takeRows } from "../core/matrix.ts";
import { permutation, type Random, seededRandom } from "../core/random.ts";

export interface SplitOptions {
  /** Share of rows held back for testing, rounded up to whole rows. Default 0.25. */
  readonly testSize?: number;
  /** Keep each label's share in both parts. Default false. */
  readonly stratify?: boolean;
  /** Default 0. */
  readonly seed?: number;
}

/** Row positions of both parts, in random order. */
export interface RowSplit {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

export interface TrainTestSplit extends RowSplit {
  readonly XTrain: Matrix;
  readonly XTest: Matrix;
  readonly yTrain: Float64Array;
  readonly yTest: Float64Array;
}

/**
 * Splits rows and their labels.
 *
 * @throws RangeError lengths differ, a part would be empty, or a label has too few rows to be in both parts
 */
export function trainTestSplit(X: Matrix, y: ArrayLike<number>, options: SplitOptions = {}): TrainTestSplit {
  requireSameLength("rows", { length: X.rows }, "labels", y);
  const { train, test } = splitRows(y, options);
  return {
    train,
    test,
    XTrain: takeRows(X, train),
    XTest: takeRows(X, test),
    yTrain: take(y, train),
    yTest: take(y, test),
  };
}

/** The positions alone, by the rows' labels. */
export function splitRows(
  labels: ArrayLike<number>,
  { testSize = 0.25, stratify = false, seed = 0 }: SplitOptions = {},
): RowSplit {
  const testRows = requireParts(labels.length, testSize);
  const random = seededRandom(seed);
  if (!stratify) {
    const order = permutation(labels.length, random);
    return { test: order.slice(0, testRows), train: order.slice(testRows) };
  }
  return stratified(labels, testRows, random);
}

/** The values at the given positions, in that order. */
export function take(values: ArrayLike<number>, positions: ArrayLike<number>): Float64Array {
  return Float64Array.from(positions, (position) => values[position]!);
}

/**
 * Shares `total` things among classes as their counts are: whole parts first, then one each by the largest remainder; among
 * equal remainders the earlier class goes first.
 */
export function proportionalCounts(counts: readonly number[], total: number): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const exact = counts.map((count) => (count * total) / all);
  const shares = exact.map(Math.floor);
  const missing = total - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = [...counts.keys()].sort((a, b) => exact[b]! - shares[b]! - (exact[a]! - shares[a]!) || a - b);
  for (const position of byRemainder.slice(0, missing)) shares[position]! += 1;
  return shares;
}

/** Row positions of each label, labels in rising order. */
export function rowsByLabel(labels: ArrayLike<number>): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    const found = rows.get(labels[i]!);
    if (found) found.push(i);
    else rows.set(labels[i]!, [i]);
  }
  return new Map([...rows].sort(([a], [b]) => a - b));
}

function stratified(labels: ArrayLike<number>, testRows: number, random: Random): RowSplit {
  const groups = [...rowsByLabel(labels)];
  for (const [label, rows] of groups) {
    if (rows.length > 1) continue;
    throw new RangeError(`Cannot stratify by labels: found one row of label ${label}, expected at least two`);
  }
  const trainRows = labels.length - testRows;
  for (const [part, size] of [["test", testRows] as const, ["train", trainRows] as const]) {
    if (size >= groups.length) continue;
    throw new RangeError(
      `Cannot stratify: found ${size} rows for the ${part} part, expected one for each of ${groups.length} labels`,
    );
  }
  const counts = groups.map(([, rows]) => rows.length);
  const inTrain = proportionalCounts(counts, trainRows);
  const train: number[] = [];
  const test: number[] = [];
  for (const [g, [, rows]] of groups.entries()) {
    const order = permutation(rows.length, random);
    for (let i = 0; i < rows.length; i++) (i < inTrain[g]! ? train : test).push(rows[order[i]!]!);
  }
  return { train: shuffled(train, random), test: shuffled(test, random) };
}

function requireParts(rows: number, testSize: number): number {
  const testRows = Math.ceil(testSize * rows);
  if (testSize > 0 && testSize < 1 && testRows < rows) return testRows;
  throw new RangeError(
    `Cannot split ${rows} rows: found testSize ${testSize}, expected a share that leaves rows in both parts`,
  );
}

function shuffled(positions: readonly number[], random: Random): Int32Array {
  return permutation(positions.length, random).map((i) => positions[i]!);
}
