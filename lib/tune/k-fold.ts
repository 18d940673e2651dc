// Rows in k parts, each held back once.
import { requirePositiveInteger } from "../core/check.ts";
import { permutation, seededRandom } from "../core/random.ts";
import { type RowSplit, rowsByLabel } from "../prepare/train-test-split.ts";

export interface FoldOptions {
  /** Default 5. */
  readonly folds?: number;
  /** Default false: rows are taken in order. */
  readonly shuffle?: boolean;
  /** Of the shuffle. Default 0. */
  readonly seed?: number;
}

/** Anything that cuts rows into training and test parts. */
export interface Splitter {
  /** @throws RangeError there are fewer rows than parts */
  split(y: ArrayLike<number>): RowSplit[];
}

/** k parts of equal size, the first ones a row larger where they must. */
export class KFold implements Splitter {
  readonly #options: Required<FoldOptions>;

  constructor(options: FoldOptions = {}) {
    this.#options = withDefaults(options);
  }

  split(y: ArrayLike<number>): RowSplit[] {
    const { folds, shuffle, seed } = this.#options;
    requireRows(y.length, folds, "rows");
    const order = shuffle
      ? permutation(y.length, seededRandom(seed))
      : Int32Array.from({ length: y.length }, (_, i) => i);
    const foldOf = new Int32Array(y.length);
    const size = Math.floor(y.length / folds);
    const larger = y.length % folds;
    for (const [place, row] of order.entries()) {
      const inLarger = place < larger * (size + 1);
      foldOf[row] = inLarger
        ? Math.floor(place / (size + 1))
        : larger + Math.floor((place - larger * (size + 1)) / size);
    }
    return partsOf(foldOf, folds);
  }
}

/** k parts with each label's share kept, as scikit-learn deals labels to folds. */
export class StratifiedKFold implements Splitter {
  readonly #options: Required<FoldOptions>;

  constructor(options: FoldOptions = {}) {
    this.#options = withDefaults(options);
  }

  split(y: ArrayLike<number>): RowSplit[] {
    const { folds, shuffle, seed } = this.#options;
    const groups = byFirstRow(y);
    requireRows(Math.max(0, ...groups.map((rows) => rows.length)), folds, "rows of the commonest label");
    const shares = dealt(groups, folds);
    const random = seededRandom(seed);
    const foldOf = new Int32Array(y.length);
    for (const [g, rows] of groups.entries()) {
      const places = shares.flatMap((share, fold) => new Array<number>(share[g]!).fill(fold));
      const order = shuffle ? permutation(rows.length, random) : undefined;
      for (const [i, row] of rows.entries()) foldOf[row] = places[order ? order[i]! : i]!;
    }
    return partsOf(foldOf, folds);
  }
}

/** How many rows of each group each fold holds: the labels sorted, dealt to the folds like cards. */
function dealt(groups: readonly (readonly number[])[], folds: number): number[][] {
  const shares = Array.from({ length: folds }, () => groups.map(() => 0));
  let card = 0;
  for (const [g, rows] of groups.entries()) {
    for (let i = 0; i < rows.length; i++) shares[card++ % folds]![g]! += 1;
  }
  return shares;
}

/** Rows of each label, labels in order of their first row. */
function byFirstRow(y: ArrayLike<number>): number[][] {
  return [...rowsByLabel(y).values()].sort(([a], [b]) => a! - b!);
}

function partsOf(foldOf: Int32Array, folds: number): RowSplit[] {
  const every = Int32Array.from(foldOf.keys());
  return Array.from({ length: folds }, (_, fold) => ({
    train: every.filter((row) => foldOf[row] !== fold),
    test: every.filter((row) => foldOf[row] === fold),
  }));
}

function withDefaults({ folds = 5, shuffle = false, seed = 0 }: FoldOptions): Required<FoldOptions> {
  requirePositiveInteger("folds", folds);
  if (folds < 2) throw new RangeError(`Cannot use folds: found ${folds}, expected at least 2`);
  return { folds, shuffle, seed };
}

function requireRows(found: number, folds: number, what: string): void {
  if (found >= folds) return;
  throw new RangeError(`Cannot cut into ${folds} folds: found ${found} ${what}, expected at least ${folds}`);
}
