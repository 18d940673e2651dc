// The weighted linear model that LIME puts beside the real one (lime 0.2.0.1, lime_base.py): a first ridge on all columns
// chooses the strongest, a second on those is the explanation. Both come from one matrix of weighted sums.
import { solveSymmetric } from "../core/linear-algebra.ts";

export interface Surrogate {
  /** Chosen columns, by falling |weight|. */
  readonly columns: readonly number[];
  /** Weight of each chosen column. */
  readonly weights: readonly number[];
  readonly intercept: number;
  /** Share of the (weighted) variance it explains. */
  readonly r2: number;
  /** Its prediction where every column is 1. */
  readonly localPrediction: number;
}

export interface SurrogateOptions {
  /** Columns to keep. Default 10. */
  readonly features?: number;
}

/** Weighted sums over rows; sums of products with the intercept's 1 are in the last row. */
interface Sums {
  /** (p + 1) × (p + 1). */
  readonly gram: Float64Array;
  /** With the target, length p + 1. */
  readonly moments: Float64Array;
  readonly squares: number;
}

/** Penalties of the choosing and of the explaining ridge. */
const choosing = 0.01;
const explaining = 1;

/**
 * @param same n × p of 0 and 1, row-major
 * @param target length n
 * @param weights length n, not negative
 */
export function fitSurrogate(
  same: Uint8Array,
  target: Float64Array,
  weights: Float64Array,
  { features = 10 }: SurrogateOptions = {},
): Surrogate {
  const p = same.length / target.length;
  const sums = sumsOf(same, target, weights, p);
  const every = Array.from({ length: p }, (_, j) => j);
  const first = ridge(sums, every, choosing);
  const strongest = byFallingSize(every, first).slice(0, features);
  const solution = ridge(sums, strongest, explaining);
  const order = byFallingSize([...strongest.keys()], solution);
  const intercept = solution[strongest.length]!;
  return {
    columns: order.map((k) => strongest[k]!),
    weights: order.map((k) => solution[k]!),
    intercept,
    r2: explainedShare(sums, strongest, solution),
    localPrediction: order.reduce((sum, k) => sum + solution[k]!, intercept),
  };
}

/** plain: Aᵀ·W·A, Aᵀ·W·y and yᵀ·W·y, where A is `same` with a last column of ones */
function sumsOf(same: Uint8Array, target: Float64Array, weights: Float64Array, p: number): Sums {
  const order = p + 1;
  const gram = new Float64Array(order * order);
  const moments = new Float64Array(order);
  const ones = new Int32Array(order);
  let squares = 0;
  for (let i = 0, k = 0; i < target.length; i++) {
    const weight = weights[i]!;
    const weighted = weight * target[i]!;
    squares += weighted * target[i]!;
    let n = 0;
    for (let j = 0; j < p; j++, k++) if (same[k] === 1) ones[n++] = j;
    ones[n++] = p;
    for (let a = 0; a < n; a++) {
      const row = ones[a]! * order;
      moments[ones[a]!]! += weighted;
      for (let b = 0; b <= a; b++) gram[row + ones[b]!]! += weight;
    }
  }
  for (let a = 0; a < order; a++) for (let b = 0; b < a; b++) gram[b * order + a] = gram[a * order + b]!;
  return { gram, moments, squares };
}

/** Weights of the columns and, last, the intercept, which is not penalised. */
function ridge({ gram, moments }: Sums, columns: readonly number[], penalty: number): Float64Array {
  const order = moments.length;
  const used = [...columns, order - 1];
  const system = Float64Array.from(used.flatMap((a) => used.map((b) => gram[a * order + b]!)));
  for (let k = 0; k < columns.length; k++) system[k * used.length + k]! += penalty;
  return solveSymmetric(
    system,
    Float64Array.from(used, (a) => moments[a]!),
  );
}

/** R² from the sums alone: 1 − Σw(y − ŷ)² / Σw(y − ȳ)². */
function explainedShare({ gram, moments, squares }: Sums, columns: readonly number[], solution: Float64Array): number {
  const order = moments.length;
  const used = [...columns, order - 1];
  let errors = squares;
  for (const [k, a] of used.entries()) {
    errors -= 2 * solution[k]! * moments[a]!;
    for (const [l, b] of used.entries()) errors += solution[k]! * solution[l]! * gram[a * order + b]!;
  }
  const spread = squares - moments[order - 1]! ** 2 / gram[order * order - 1]!;
  return spread > 1e-12 * squares ? 1 - errors / spread : 0;
}

function byFallingSize(positions: readonly number[], values: ArrayLike<number>): number[] {
  return [...positions].sort((a, b) => Math.abs(values[b]!) - Math.abs(values[a]!));
}
