// Exact Shapley values of trees: what each column adds to the probability of this row, against the average training row.
// Lundberg, Erion and Lee, Consistent individualized feature attribution for tree ensembles, 2018, algorithm 2: columns that are
// not known are averaged by how many training rows took each side.

import { depthOf, type Trees } from "../models/trees.ts";
import { requireColumns } from "../prepare/transformer.ts";
import type { Contributions } from "./linear-contributions.ts";

/** The way from a root: one entry a column met, each with the share of sets of known columns that come by (the paper's m). */
interface Path {
  readonly column: Int32Array;
  /** Share of rows that flow on when the column is unknown, and 1 or 0 when it is known. */
  readonly zero: Float64Array;
  readonly one: Float64Array;
  readonly weight: Float64Array;
}

/** Made once for a forest; a row costs leaves · depth² steps a tree, so that deep trees on many rows take their time. */
export class TreeShap {
  readonly #trees: Trees;
  readonly #columns: number;
  readonly #path: Path;
  /** Mean probability of the training rows. */
  readonly base: number;

  /** @param columns of the rows that the trees take */
  constructor(trees: Trees, columns: number) {
    this.#trees = trees;
    this.#columns = columns;
    const entries = ((depthOf(trees) + 2) * (depthOf(trees) + 3)) / 2 + 1;
    this.#path = {
      column: new Int32Array(entries),
      zero: new Float64Array(entries),
      one: new Float64Array(entries),
      weight: new Float64Array(entries),
    };
    this.base = trees.roots.reduce((sum, root) => sum + meanBelow(trees, root), 0) / trees.roots.length;
  }

  /** @returns one value a column; with the base they sum to the row's probability */
  explain(row: ArrayLike<number>): Contributions {
    requireColumns("explain a row", { rows: 1, columns: row.length, data: new Float64Array() }, this.#columns);
    const values = new Float64Array(this.#columns);
    for (const root of this.#trees.roots) this.#walk(row, values, root, 0, 0, 1, 1, -1);
    return { values: values.map((value) => value / this.#trees.roots.length), base: this.base };
  }

  /** @param start of the parent's path, which has `length` entries; the node's own begins behind it */
  #walk(
    row: ArrayLike<number>,
    values: Float64Array,
    node: number,
    start: number,
    length: number,
    zero: number,
    one: number,
    by: number,
  ): void {
    const { feature, threshold, left, value, cover } = this.#trees;
    const path = this.#path;
    const at = start + length;
    copyPath(path, start, at, length);
    extend(path, at, length, zero, one, by);
    const column = feature[node]!;
    if (column < 0) {
      for (let i = 1; i <= length; i++) {
        const k = at + i;
        values[path.column[k]!]! += weightWithout(path, at, length, i) * (path.one[k]! - path.zero[k]!) * value[node]!;
      }
      return;
    }
    const hot = left[node]! + (row[column]! <= threshold[node]! ? 0 : 1);
    const cold = 2 * left[node]! + 1 - hot;
    let earlierZero = 1;
    let earlierOne = 1;
    let own = length + 1;
    const met = positionOf(path, at, length, column);
    if (met >= 0) {
      earlierZero = path.zero[at + met]!;
      earlierOne = path.one[at + met]!;
      unwind(path, at, length, met);
      own--;
    }
    const shareHot = (cover[hot]! / cover[node]!) * earlierZero;
    const shareCold = (cover[cold]! / cover[node]!) * earlierZero;
    this.#walk(row, values, hot, at, own, shareHot, earlierOne, column);
    this.#walk(row, values, cold, at, own, shareCold, 0, column);
  }
}

function copyPath({ column, zero, one, weight }: Path, from: number, to: number, length: number): void {
  for (const entries of [column, zero, one, weight]) entries.copyWithin(to, from, from + length);
}

/** Adds an entry: sets of known columns grow by one size. */
function extend(path: Path, at: number, length: number, zero: number, one: number, column: number): void {
  const { weight } = path;
  path.column[at + length] = column;
  path.zero[at + length] = zero;
  path.one[at + length] = one;
  weight[at + length] = length === 0 ? 1 : 0;
  for (let i = length - 1; i >= 0; i--) {
    weight[at + i + 1]! += (one * weight[at + i]! * (i + 1)) / (length + 1);
    weight[at + i] = (zero * weight[at + i]! * (length - i)) / (length + 1);
  }
}

/** Takes an entry out again, `last` being the path's last position. */
function unwind(path: Path, at: number, last: number, position: number): void {
  const { column, zero, one, weight } = path;
  const ownOne = one[at + position]!;
  const ownZero = zero[at + position]!;
  let next = weight[at + last]!;
  for (let i = last - 1; i >= 0; i--) {
    if (ownOne !== 0) {
      const held = weight[at + i]!;
      weight[at + i] = (next * (last + 1)) / ((i + 1) * ownOne);
      next = held - (weight[at + i]! * ownZero * (last - i)) / (last + 1);
    } else weight[at + i] = (weight[at + i]! * (last + 1)) / (ownZero * (last - i));
  }
  for (let i = at + position; i < at + last; i++) {
    column[i] = column[i + 1]!;
    zero[i] = zero[i + 1]!;
    one[i] = one[i + 1]!;
  }
}

/** Sum of the weights that would be left without one entry. */
function weightWithout({ zero, one, weight }: Path, at: number, last: number, position: number): number {
  const ownOne = one[at + position]!;
  const ownZero = zero[at + position]!;
  let next = weight[at + last]!;
  let sum = 0;
  for (let i = last - 1; i >= 0; i--) {
    if (ownOne !== 0) {
      const own = (next * (last + 1)) / ((i + 1) * ownOne);
      sum += own;
      next = weight[at + i]! - (own * ownZero * (last - i)) / (last + 1);
    } else sum += (weight[at + i]! * (last + 1)) / (ownZero * (last - i));
  }
  return sum;
}

function positionOf({ column }: Path, at: number, last: number, wanted: number): number {
  for (let i = 1; i <= last; i++) if (column[at + i] === wanted) return i;
  return -1;
}

function meanBelow(trees: Trees, node: number): number {
  const { feature, left, value, cover } = trees;
  if (feature[node]! < 0) return value[node]!;
  const [a, b] = [left[node]!, left[node]! + 1];
  return (cover[a]! * meanBelow(trees, a) + cover[b]! * meanBelow(trees, b)) / cover[node]!;
}
