// Random forest for two classes: many trees, each on rows drawn with replacement and few columns a node, their shares averaged.
// Breiman, Random forests, 2001; defaults as scikit-learn's. Columns are binned (feature-bins.ts), which costs no accuracy that shows.
import { requireFinite, requirePositiveInteger, requireSameLength } from "../core/check.ts";
import type { Matrix } from "../core/matrix.ts";
import { type Random, seededRandom } from "../core/random.ts";
import { requireColumns, requireFitted } from "../prepare/transformer.ts";
import { bothClasses, type Classifier, labelsOf, requireBinaryLabels } from "./classifier.ts";
import { featureBins } from "./feature-bins.ts";
import { type GrowOptions, growTree } from "./grow-tree.ts";
import { joinTrees, leafOf, type Trees, type TreesState, treesFromJSON, treesToJSON } from "./trees.ts";

export interface RandomForestOptions {
  /** Default 100. */
  readonly trees?: number;
  /** Columns that each node chooses from: a number, `sqrt` of all, or `all`. Default `sqrt`. */
  readonly maxFeatures?: number | "sqrt" | "all";
  /** Default: no limit. */
  readonly maxDepth?: number;
  /** Drawn rows that each side of a split must have. Default 1. */
  readonly minSamplesLeaf?: number;
  /** Drawn rows that a node must have to be split. Default 2. */
  readonly minSamplesSplit?: number;
  /** Each tree learns from rows drawn with replacement; else from all. Default true. */
  readonly bootstrap?: boolean;
  /** Default 0. */
  readonly seed?: number;
}

export interface RandomForestState {
  readonly kind: "RandomForestClassifier";
  readonly options: RandomForestOptions;
  readonly fitted?: {
    readonly columns: number;
    readonly trees: TreesState;
    readonly importances: ArrayLike<number>;
  };
}

interface Fitted {
  readonly columns: number;
  readonly trees: Trees;
  readonly importances: Float64Array;
}

export class RandomForestClassifier implements Classifier {
  readonly options: RandomForestOptions;
  #fitted: Fitted | undefined;

  /** @throws RangeError an option is out of its range */
  constructor(options: RandomForestOptions = {}) {
    requireOptions(options);
    this.options = options;
  }

  /** Labels, in the order of `predictProba`'s columns. */
  get classes(): readonly number[] {
    return [0, 1];
  }

  /** The trees as arrays. */
  get trees(): Trees {
    return this.#fit("read the trees").trees;
  }

  /** Share of each column in what the splits took off the impurity, mean over the trees; they sum to 1. */
  get featureImportances(): Float64Array {
    return this.#fit("read the importances").importances;
  }

  /**
   * @throws RangeError lengths differ, a value is not finite, or the labels are not 0 and 1
   */
  fit(X: Matrix, y: ArrayLike<number>): this {
    requireSameLength("rows", { length: X.rows }, "labels", y);
    requireFinite("the matrix", X.data);
    requireBinaryLabels(y);
    const { trees = 100, bootstrap = true, seed = 0 } = this.options;
    const bins = featureBins(X);
    const labels = Uint8Array.from(y);
    const grow = growOptions(this.options, X.columns);
    const random = seededRandom(seed);
    const grown = Array.from({ length: trees }, () => {
      const own = seededRandom(Math.floor(random() * 2 ** 32));
      return growTree(bins, labels, bootstrap ? drawn(X.rows, own) : new Uint8Array(X.rows).fill(1), grow, own);
    });
    this.#fitted = {
      columns: X.columns,
      trees: joinTrees(grown.map(({ tree }) => tree)),
      importances: importancesOf(grown.map(({ decrease }) => decrease)),
    };
    return this;
  }

  predict(X: Matrix): Float64Array {
    return labelsOf(this.positive(X));
  }

  predictProba(X: Matrix): Matrix {
    return bothClasses(this.positive(X));
  }

  positive(X: Matrix): Float64Array {
    const { columns, trees } = this.#fit("predict");
    requireColumns("predict", X, columns);
    const sums = new Float64Array(X.rows);
    for (const root of trees.roots) {
      for (let i = 0; i < X.rows; i++) sums[i]! += trees.value[leafOf(trees, root, X.data, i * columns)]!;
    }
    return sums.map((sum) => Math.min(1, sum / trees.roots.length));
  }

  clone(): RandomForestClassifier {
    return new RandomForestClassifier(this.options);
  }

  toJSON(): RandomForestState {
    const { options } = this;
    if (!this.#fitted) return { kind: "RandomForestClassifier", options };
    const { columns, trees, importances } = this.#fitted;
    const fitted = { columns, trees: treesToJSON(trees), importances: Array.from(importances) };
    return { kind: "RandomForestClassifier", options, fitted };
  }

  static fromJSON({ options, fitted }: RandomForestState): RandomForestClassifier {
    const forest = new RandomForestClassifier(options);
    if (fitted) {
      const { columns, trees, importances } = fitted;
      forest.#fitted = { columns, trees: treesFromJSON(trees), importances: Float64Array.from(importances) };
    }
    return forest;
  }

  #fit(doing: string): Fitted {
    return requireFitted(doing, this.#fitted);
  }
}

function growOptions(
  {
    maxFeatures = "sqrt",
    maxDepth = Number.POSITIVE_INFINITY,
    minSamplesLeaf = 1,
    minSamplesSplit = 2,
  }: RandomForestOptions,
  columns: number,
): GrowOptions {
  const named = { sqrt: Math.max(1, Math.floor(Math.sqrt(columns))), all: columns };
  const count = typeof maxFeatures === "number" ? Math.min(columns, maxFeatures) : named[maxFeatures];
  return { maxFeatures: count, maxDepth, minSamplesLeaf, minSamplesSplit };
}

/** How often each row comes up in as many draws as there are rows; more than 255 times does not happen to a row in practice. */
function drawn(rows: number, random: Random): Uint8Array {
  const weights = new Uint8Array(rows);
  for (let i = 0; i < rows; i++) {
    const row = Math.floor(random() * rows);
    if (weights[row]! < 255) weights[row]!++;
  }
  return weights;
}

/** Each tree's decreases as shares, their mean as shares again: as scikit-learn's. */
function importancesOf(decreases: readonly Float64Array[]): Float64Array {
  const sums = new Float64Array(decreases[0]!.length);
  for (const decrease of decreases) {
    const total = decrease.reduce((sum, value) => sum + value, 0);
    if (total > 0) for (let j = 0; j < sums.length; j++) sums[j]! += decrease[j]! / total;
  }
  const total = sums.reduce((sum, value) => sum + value, 0);
  return total > 0 ? sums.map((sum) => sum / total) : sums;
}

function requireOptions({ maxFeatures, trees, maxDepth, minSamplesLeaf, minSamplesSplit }: RandomForestOptions): void {
  if (typeof maxFeatures === "string" && maxFeatures !== "sqrt" && maxFeatures !== "all") {
    throw new RangeError(`Cannot use maxFeatures ${JSON.stringify(maxFeatures)}: expected a number, "sqrt" or "all"`);
  }
  const numbers = { trees, maxDepth, minSamplesLeaf, minSamplesSplit, maxFeatures };
  for (const [name, value] of Object.entries(numbers)) {
    if (typeof value === "number") requirePositiveInteger(name, value);
  }
}
