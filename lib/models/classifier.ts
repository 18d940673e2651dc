// What every classifier can do. Rows in, labels and probabilities out.
import type { Matrix } from "../core/matrix.ts";

export interface Classifier {
  /** @param y one label a row: 0 or 1 */
  fit(X: Matrix, y: ArrayLike<number>): this;
  /** The more probable label of each row. */
  predict(X: Matrix): Float64Array;
  /** n × 2: the probability of label 0, then of label 1. */
  predictProba(X: Matrix): Matrix;
  /** The probability of label 1 alone: the quick path. */
  positive(X: Matrix): Float64Array;
  /** A new one with the same options, not fitted. */
  clone(): Classifier;
  toJSON(): { readonly kind: string };
}

/** A classifier whose log-odds are a weighted sum of the columns. */
export interface LinearClassifier extends Classifier {
  /** One weight a column. */
  readonly coef: Float64Array;
  readonly intercept: number;
}

export function isLinear(classifier: object): classifier is LinearClassifier {
  return "coef" in classifier && "intercept" in classifier;
}

/** Label 1 from a probability of one half on, as scikit-learn's linear classifiers decide. */
export function labelsOf(positive: Float64Array): Float64Array {
  return positive.map((p) => (p > 0.5 ? 1 : 0));
}

/** Both columns from the probability of label 1. */
export function bothClasses(positive: Float64Array): Matrix {
  const data = new Float64Array(positive.length * 2);
  for (let i = 0; i < positive.length; i++) {
    data[2 * i] = 1 - positive[i]!;
    data[2 * i + 1] = positive[i]!;
  }
  return { rows: positive.length, columns: 2, data, names: ["0", "1"] };
}

/** 1 / (1 + e⁻ᶻ) without overflow. */
export function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
}

/**
 * @throws RangeError a label is neither 0 nor 1, or one of them is missing
 */
export function requireBinaryLabels(y: ArrayLike<number>): void {
  let ones = 0;
  for (let i = 0; i < y.length; i++) {
    if (y[i] === 1) ones++;
    else if (y[i] !== 0) throw new RangeError(`Cannot fit: found label ${y[i]} in row ${i}, expected 0 or 1`);
  }
  if (ones > 0 && ones < y.length) return;
  throw new RangeError(`Cannot fit: found only label ${ones > 0 ? 1 : 0} in ${y.length} rows, expected 0 and 1`);
}
