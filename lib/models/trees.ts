// Decision trees as flat arrays, one after the other: how they are walked and saved. Growing them is in grow-tree.ts.

export interface Trees {
  /** First node of each tree. */
  readonly roots: Int32Array;
  /** Column that a node asks about; −1 in a leaf. */
  readonly feature: Int32Array;
  /** A value at most this goes left. */
  readonly threshold: Float64Array;
  /** Left child; the right one follows it. 0 in a leaf. */
  readonly left: Int32Array;
  /** Share of label 1 among the training rows that came by. */
  readonly value: Float64Array;
  /** How many came by, one that was drawn twice counting twice. */
  readonly cover: Float64Array;
}

export interface TreesState {
  readonly roots: ArrayLike<number>;
  readonly feature: ArrayLike<number>;
  readonly threshold: ArrayLike<number>;
  readonly left: ArrayLike<number>;
  readonly value: ArrayLike<number>;
  readonly cover: ArrayLike<number>;
}

/** The leaf of one tree that a row ends in. */
export function leafOf({ feature, threshold, left }: Trees, root: number, row: ArrayLike<number>, offset = 0): number {
  let node = root;
  for (;;) {
    const column = feature[node]!;
    if (column < 0) return node;
    node = left[node]! + (row[offset + column]! <= threshold[node]! ? 0 : 1);
  }
}

/** Nodes on the longest way from a root to a leaf, the root not counted. */
export function depthOf({ roots, feature, left }: Trees): number {
  const depth = new Int32Array(feature.length);
  let deepest = 0;
  for (const [t, root] of roots.entries()) {
    const end = roots[t + 1] ?? feature.length;
    for (let node = root; node < end; node++) {
      if (feature[node]! < 0) continue;
      depth[left[node]!] = depth[left[node]! + 1] = depth[node]! + 1;
      deepest = Math.max(deepest, depth[node]! + 1);
    }
  }
  return deepest;
}

/** Trees of their own into one set of arrays. */
export function joinTrees(trees: readonly Trees[]): Trees {
  const starts: number[] = [];
  let size = 0;
  for (const { feature } of trees) {
    starts.push(size);
    size += feature.length;
  }
  const joined = {
    roots: Int32Array.from(starts),
    feature: new Int32Array(size),
    threshold: new Float64Array(size),
    left: new Int32Array(size),
    value: new Float64Array(size),
    cover: new Float64Array(size),
  };
  for (const [t, tree] of trees.entries()) {
    const start = starts[t]!;
    joined.feature.set(tree.feature, start);
    joined.threshold.set(tree.threshold, start);
    joined.left.set(
      tree.left.map((child) => (child > 0 ? child + start : 0)),
      start,
    );
    joined.value.set(tree.value, start);
    joined.cover.set(tree.cover, start);
  }
  return joined;
}

export function treesToJSON(trees: Trees): TreesState {
  return Object.fromEntries(Object.entries(trees).map(([name, values]) => [name, Array.from(values)])) as never;
}

export function treesFromJSON({ roots, feature, threshold, left, value, cover }: TreesState): Trees {
  return {
    roots: Int32Array.from(roots),
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(threshold),
    left: Int32Array.from(left),
    value: Float64Array.from(value),
    cover: Float64Array.from(cover),
  };
}
