// Penalised log loss of a logistic regression, and its minimum by L-BFGS.
// Scale as in scikit-learn: mean log loss + |w|² / (2·C·n), intercept not penalised, so that a tolerance means the same there.
import { cholesky, solveByCholesky } from "../core/linear-algebra.ts";
import { type LbfgsOptions, lbfgs, type Minimum, type Objective } from "../core/optimize.ts";
import type { LogisticDesign } from "./logistic-design.ts";

export interface LogisticFitOptions {
  /** Inverse strength of the penalty. */
  readonly C: number;
  readonly fitIntercept: boolean;
  readonly tol: number;
  readonly maxIter: number;
  /** Weights and, last, intercept to start from. Default: zeros. */
  readonly start?: Float64Array | undefined;
  /** Of these rows, when several fits share it. Default: computed. */
  readonly gram?: Float64Array | undefined;
}

/** Rows that the starting guess of the curvature is taken from; more would cost more than they save. */
const maxGramRows = 2048;
/** Factors between ½ and 1 whose product cannot underflow: one logarithm serves so many rows. */
const rowsPerLog = 512;
/** With more columns a factorisation costs more than it saves: the guess keeps only its diagonal. */
const maxGramColumns = 512;

/**
 * Weights and, last, the intercept at the minimum.
 *
 * @param y 0 or 1 a row
 */
export function fitLogistic(design: LogisticDesign, y: ArrayLike<number>, options: LogisticFitOptions): Minimum {
  const { C, fitIntercept, tol, maxIter } = options;
  const penalty = 1 / (C * design.rows);
  const gram = options.gram ?? gramOf(design);
  return lbfgs(logisticLoss(design, y, penalty, fitIntercept), options.start ?? new Float64Array(design.columns + 1), {
    tolerance: tol,
    maxIter,
    memory: 10,
    precondition: curvatureGuess(gram, design.columns, penalty, fitIntercept),
  });
}

/**
 * The objective over (weights, intercept).
 *
 * plain: mean over rows of ln(1 + e^z) − y·z, plus penalty·|w|²/2, where z = X·w + b
 */
export function logisticLoss(
  design: LogisticDesign,
  y: ArrayLike<number>,
  penalty: number,
  fitIntercept: boolean,
): Objective {
  const { rows, columns, twoValued, base, delta, start, index, dense, values } = design;
  const labels = Float64Array.from(y);
  const step = new Float64Array(twoValued.length);
  const slopes = new Float64Array(dense.length);
  const stepGradient = new Float64Array(twoValued.length);
  const slopeGradient = new Float64Array(dense.length);
  const width = dense.length;

  return (w, gradient) => {
    // What every row has in common goes into the constant; a rarer value adds its step.
    let constant = fitIntercept ? w[columns]! : 0;
    for (let t = 0; t < step.length; t++) {
      const weight = w[twoValued[t]!]!;
      constant += base[t]! * weight;
      step[t] = delta[t]! * weight;
    }
    for (let d = 0; d < width; d++) slopes[d] = w[dense[d]!]!;
    stepGradient.fill(0);
    slopeGradient.fill(0);

    let loss = 0;
    let product = 1;
    let residuals = 0;
    for (let i = 0, v = 0; i < rows; i++, v += width) {
      const from = start[i]!;
      const to = start[i + 1]!;
      let z = constant;
      for (let k = from; k < to; k++) z += step[index[k]!]!;
      for (let d = 0; d < width; d++) z += slopes[d]! * values[v + d]!;
      const p = 1 / (1 + Math.exp(-z));
      product *= Math.max(p, 1 - p); // ln(1 + e^z) = max(z, 0) − ln max(p, 1 − p)
      if (i % rowsPerLog === 0) {
        loss -= Math.log(product);
        product = 1;
      }
      loss += Math.max(z, 0) - labels[i]! * z;
      const residual = p - labels[i]!;
      residuals += residual;
      for (let k = from; k < to; k++) stepGradient[index[k]!]! += residual;
      for (let d = 0; d < width; d++) slopeGradient[d]! += residual * values[v + d]!;
    }

    loss -= Math.log(product);
    let squares = 0;
    for (let j = 0; j < columns; j++) squares += w[j]! * w[j]!;
    for (let t = 0; t < step.length; t++)
      gradient[twoValued[t]!] = (base[t]! * residuals + delta[t]! * stepGradient[t]!) / rows;
    for (let d = 0; d < width; d++) gradient[dense[d]!] = slopeGradient[d]! / rows;
    for (let j = 0; j < columns; j++) gradient[j]! += penalty * w[j]!;
    gradient[columns] = fitIntercept ? residuals / rows : 0;
    return loss / rows + (penalty * squares) / 2;
  };
}

/**
 * XᵀX / n with a last row and column for the intercept, from evenly spaced rows; undefined over 512 columns.
 */
export function gramOf(design: LogisticDesign): Float64Array | undefined {
  const { rows, columns, twoValued, base, delta, start, index, dense, values } = design;
  if (columns > maxGramColumns) return undefined;
  const order = columns + 1;
  // First over the raw parts: indicators of rarer values and dense values, numbered by their column; the intercept is last.
  const raw = new Float64Array(order * order);
  const at = new Int32Array(columns + 1);
  const value = new Float64Array(columns + 1);
  const stride = Math.max(1, Math.floor(rows / maxGramRows));
  let used = 0;
  for (let i = 0; i < rows; i += stride, used++) {
    let n = 0;
    for (let k = start[i]!; k < start[i + 1]!; k++, n++) {
      at[n] = twoValued[index[k]!]!;
      value[n] = 1;
    }
    for (let d = 0; d < dense.length; d++, n++) {
      at[n] = dense[d]!;
      value[n] = values[i * dense.length + d]!;
    }
    at[n] = columns;
    value[n++] = 1;
    for (let a = 0; a < n; a++) {
      const row = at[a]! * order;
      const va = value[a]!;
      for (let b = 0; b < n; b++) raw[row + at[b]!]! += va * value[b]!;
    }
  }
  return withBases(raw, order, used, columnsOf(columns, twoValued, base, delta));
}

/** Column j of X is shift[j] + factor[j] · (its raw part). */
interface Affine {
  readonly shift: Float64Array;
  readonly factor: Float64Array;
}

function columnsOf(columns: number, twoValued: Int32Array, base: Float64Array, delta: Float64Array): Affine {
  const shift = new Float64Array(columns + 1);
  const factor = new Float64Array(columns + 1).fill(1);
  for (let t = 0; t < twoValued.length; t++) {
    shift[twoValued[t]!] = base[t]!;
    factor[twoValued[t]!] = delta[t]!;
  }
  return { shift, factor };
}

function withBases(raw: Float64Array, order: number, rows: number, { shift, factor }: Affine): Float64Array {
  const gram = new Float64Array(order * order);
  const ones = (order - 1) * order;
  for (let a = 0; a < order; a++) {
    for (let b = 0; b < order; b++) {
      const cross = factor[a]! * factor[b]! * raw[a * order + b]!;
      const mixed = shift[a]! * factor[b]! * raw[ones + b]! + shift[b]! * factor[a]! * raw[ones + a]!;
      gram[a * order + b] = (cross + mixed) / rows + shift[a]! * shift[b]!;
    }
  }
  return gram;
}

/** Inverse of XᵀX/(4n) + penalty: the curvature is nowhere larger (Böhning and Lindsay 1988). */
function curvatureGuess(
  gram: Float64Array | undefined,
  columns: number,
  penalty: number,
  fitIntercept: boolean,
): NonNullable<LbfgsOptions["precondition"]> {
  const order = columns + 1;
  const hessian = gram?.map((value) => value / 4);
  if (!hessian) return () => {};
  for (let j = 0; j < columns; j++) hessian[j * order + j]! += penalty + 1e-12;
  if (!fitIntercept) {
    for (let j = 0; j < order; j++) hessian[columns * order + j] = hessian[j * order + columns] = 0;
    hessian[columns * order + columns] = 1;
  }
  const lower = cholesky(hessian, order);
  return lower ? (v) => void solveByCholesky(lower, order, v) : () => {};
}
