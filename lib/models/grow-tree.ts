// One classification tree on binned columns: Gini impurity, best split first found, no pruning (Breiman, Friedman, Olshen and Stone,
// Classification and regression trees, 1984). Large nodes count bins, small ones sort their few rows; both find the same splits.
import type { Random } from "../core/random.ts";
import type { FeatureBins } from "./feature-bins.ts";
import type { Trees } from "./trees.ts";

export interface GrowOptions {
  /** Columns looked at in each node. */
  readonly maxFeatures: number;
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  readonly minSamplesSplit: number;
}

export interface GrownTree {
  readonly tree: Trees;
  /** What the splits on each column took off the impurity, summed over the rows. */
  readonly decrease: Float64Array;
}

/** Nodes of fewer rows are sorted: counting 256 bins costs more. */
const few = 40;

/**
 * @param labels 0 or 1
 * @param weights how often each row was drawn; rows of weight 0 are left out
 */
export function growTree(
  { bins, low, high }: FeatureBins,
  labels: Uint8Array,
  weights: Uint8Array,
  { maxFeatures, maxDepth, minSamplesLeaf, minSamplesSplit }: GrowOptions,
  random: Random,
): GrownTree {
  const rows = labels.length;
  const columns = low.length;
  const drawn = rowsDrawn(weights);
  const drawnAs = Uint16Array.from(weights, (weight, i) => (weight << 1) | labels[i]!); // one look instead of two
  const held = new Int32Array(drawn.length);
  const order = Int32Array.from({ length: columns }, (_, j) => j);
  const counts = new Int32Array(512); // of label 0 and label 1, bin by bin
  const keys = new Int32Array(few);
  const decrease = new Float64Array(columns);
  const nodes = new NodeList(2 * drawn.length);
  const best: Split = { column: -1, bin: 0, next: 0, score: 0 };

  const stack = [nodes.add(), 0, drawn.length, 0]; // node, first row, end, depth
  while (stack.length > 0) {
    const depth = stack.pop()!;
    const end = stack.pop()!;
    const first = stack.pop()!;
    const node = stack.pop()!;
    let all = 0;
    let ones = 0;
    for (let k = first; k < end; k++) {
      const as = drawnAs[drawn[k]!]!;
      all += as >> 1;
      ones += (as >> 1) * (as & 1);
    }
    nodes.value[node] = ones / all;
    nodes.cover[node] = all;
    if (ones === 0 || ones === all || depth >= maxDepth || all < minSamplesSplit) continue;

    best.column = -1;
    best.score = 0;
    for (let seen = 0; seen < columns && (seen < maxFeatures || best.column < 0); seen++) {
      if (maxFeatures < columns) swap(order, seen, seen + Math.floor(random() * (columns - seen)));
      const column = order[seen]!;
      if (end - first < few) bySorting(column, first, end, all, ones);
      else byCounting(column, first, end, all, ones);
    }
    if (best.column < 0) continue;

    const { column, bin, next } = best;
    decrease[column]! += best.score - (ones * ones + (all - ones) * (all - ones)) / all;
    const middle = partition(column, bin, first, end);
    const left = nodes.add();
    nodes.add();
    nodes.feature[node] = column;
    nodes.threshold[node] = between(high[column]![bin]!, low[column]![next]!);
    nodes.left[node] = left;
    stack.push(left + 1, middle, end, depth + 1, left, first, middle, depth + 1);
  }
  return { tree: nodes.finish(), decrease };

  function byCounting(column: number, first: number, end: number, all: number, ones: number): void {
    const offset = column * rows;
    let lowest = 255;
    let highest = 0;
    for (let k = first; k < end; k++) {
      const row = drawn[k]!;
      const bin = bins[offset + row]!;
      if (bin < lowest) lowest = bin;
      if (bin > highest) highest = bin;
      const as = drawnAs[row]!;
      counts[2 * bin + (as & 1)]! += as >> 1;
    }
    let zerosLeft = 0;
    let onesLeft = 0;
    let last = -1;
    for (let bin = lowest; bin <= highest; bin++) {
      const zerosHere = counts[2 * bin]!;
      const onesHere = counts[2 * bin + 1]!;
      if (zerosHere + onesHere === 0) continue;
      if (last >= 0) consider(column, last, bin, zerosLeft, onesLeft, all, ones);
      zerosLeft += zerosHere;
      onesLeft += onesHere;
      last = bin;
    }
    counts.fill(0, 2 * lowest, 2 * highest + 2);
  }

  function bySorting(column: number, first: number, end: number, all: number, ones: number): void {
    const offset = column * rows;
    const count = end - first;
    for (let k = 0; k < count; k++) {
      const row = drawn[first + k]!;
      const key = (bins[offset + row]! << 9) | drawnAs[row]!;
      let at = k;
      while (at > 0 && keys[at - 1]! > key) keys[at] = keys[--at]!;
      keys[at] = key;
    }
    let zerosLeft = 0;
    let onesLeft = 0;
    let last = keys[0]! >> 9;
    for (let k = 0; k < count; k++) {
      const key = keys[k]!;
      const bin = key >> 9;
      if (bin !== last) consider(column, last, bin, zerosLeft, onesLeft, all, ones);
      last = bin;
      if (key & 1) onesLeft += (key >> 1) & 255;
      else zerosLeft += (key >> 1) & 255;
    }
  }

  /** Keeps a split that leaves purer sides: Σ (zeros² + ones²) / rows over both, to be as large as can be. */
  function consider(
    column: number,
    bin: number,
    next: number,
    zerosLeft: number,
    onesLeft: number,
    all: number,
    ones: number,
  ): void {
    const left = zerosLeft + onesLeft;
    const right = all - left;
    if (left < minSamplesLeaf || right < minSamplesLeaf) return;
    const onesRight = ones - onesLeft;
    const zerosRight = right - onesRight;
    const score =
      (zerosLeft * zerosLeft + onesLeft * onesLeft) / left + (zerosRight * zerosRight + onesRight * onesRight) / right;
    if (score <= best.score) return;
    best.column = column;
    best.bin = bin;
    best.next = next;
    best.score = score;
  }

  /** Rows of bins up to `bin` first, both sides in their order. */
  function partition(column: number, bin: number, first: number, end: number): number {
    const offset = column * rows;
    let left = first;
    let right = 0;
    for (let k = first; k < end; k++) {
      const row = drawn[k]!;
      if (bins[offset + row]! <= bin) drawn[left++] = row;
      else held[right++] = row;
    }
    drawn.set(held.subarray(0, right), left);
    return left;
  }
}

interface Split {
  column: number;
  /** Last bin of the left side, and the first of the right side that holds rows. */
  bin: number;
  next: number;
  score: number;
}

/** Nodes as they come, in arrays that are cut to length at the end. */
class NodeList {
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly value: Float64Array;
  readonly cover: Float64Array;
  #count = 0;

  constructor(most: number) {
    this.feature = new Int32Array(most).fill(-1);
    this.threshold = new Float64Array(most);
    this.left = new Int32Array(most);
    this.value = new Float64Array(most);
    this.cover = new Float64Array(most);
  }

  add(): number {
    return this.#count++;
  }

  finish(): Trees {
    return {
      roots: Int32Array.of(0),
      feature: this.feature.slice(0, this.#count),
      threshold: this.threshold.slice(0, this.#count),
      left: this.left.slice(0, this.#count),
      value: this.value.slice(0, this.#count),
      cover: this.cover.slice(0, this.#count),
    };
  }
}

function rowsDrawn(weights: Uint8Array): Int32Array {
  const rows = new Int32Array(weights.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0));
  let count = 0;
  for (let i = 0; i < weights.length; i++) if (weights[i]! > 0) rows[count++] = i;
  return rows;
}

/** The middle of two values; the lower one where rounding would reach the upper. */
function between(a: number, b: number): number {
  const middle = a + (b - a) / 2;
  return middle < b ? middle : a;
}

function swap(values: Int32Array, a: number, b: number): void {
  const held = values[a]!;
  values[a] = values[b]!;
  values[b] = held;
}
