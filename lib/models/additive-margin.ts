// A linear pipeline as one sum over its input columns: a table of weights by code for a one-hot column, a slope for a number.
// The same function as the steps one after the other, folded once, so that predictions and explanations cost a few additions.

import type { Matrix } from "../core/matrix.ts";
import { OneHotEncoder } from "../prepare/one-hot-encoder.ts";
import { StandardScaler } from "../prepare/standard-scaler.ts";
import { requireColumns } from "../prepare/transformer.ts";
import { sigmoid } from "./classifier.ts";

/** What one input column adds to the log-odds: `weights[value]` for a coded category, `slope · value` for a number. */
export type ColumnMargin = { readonly weights: Float64Array } | { readonly slope: number };

export interface AdditiveMargin {
  readonly intercept: number;
  readonly columns: readonly ColumnMargin[];
}

/**
 * Folds transformers and a linear model; undefined when a step is no sum over columns.
 *
 * @param steps in order: at most one OneHotEncoder, first, and any number of StandardScaler
 */
export function foldMargin(
  steps: readonly object[],
  coef: Float64Array,
  intercept: number,
): AdditiveMargin | undefined {
  let weights = Float64Array.from(coef);
  let constant = intercept;
  for (const step of [...steps].reverse()) {
    if (step instanceof StandardScaler) {
      const { mean, scale } = step;
      weights = weights.map((weight, j) => weight / scale[j]!);
      for (let j = 0; j < weights.length; j++) constant -= weights[j]! * mean[j]!;
    } else if (step instanceof OneHotEncoder && step === steps[0]) {
      const columns = step.layout.map(
        ({ at, width }): ColumnMargin =>
          width === 0 ? { slope: weights[at]! } : { weights: weights.slice(at, at + width) },
      );
      return { intercept: constant, columns };
    } else return undefined;
  }
  return { intercept: constant, columns: Array.from(weights, (slope) => ({ slope })) };
}

/** What value `value` of a column adds; undefined for a code that there is not. */
export function marginOf(column: ColumnMargin, value: number): number {
  return "slope" in column ? column.slope * value : (column.weights[value] ?? Number.NaN);
}

/**
 * Probability of label 1 a row.
 *
 * @throws RangeError a value is no code of its column
 */
export function additivePositive({ intercept, columns }: AdditiveMargin, X: Matrix): Float64Array {
  requireColumns("predict", X, columns.length);
  const sums = new Float64Array(X.rows).fill(intercept);
  for (const [j, column] of columns.entries()) {
    if ("slope" in column) addSlope(sums, X, j, column.slope);
    else addWeights(sums, X, j, column.weights);
  }
  return sums.map(sigmoid);
}

function addSlope(sums: Float64Array, { columns, data }: Matrix, j: number, slope: number): void {
  for (let i = 0, k = j; i < sums.length; i++, k += columns) sums[i]! += slope * data[k]!;
}

function addWeights(sums: Float64Array, { columns, data }: Matrix, j: number, weights: Float64Array): void {
  for (let i = 0, k = j; i < sums.length; i++, k += columns) {
    const weight = weights[data[k]!];
    if (weight === undefined) {
      throw new RangeError(
        `Cannot predict: found ${data[k]} in column ${j} of row ${i}, expected a whole number under ${weights.length}`,
      );
    }
    sums[i]! += weight;
  }
}
