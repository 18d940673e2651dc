// Exact contributions of a linear model: what each feature adds to the log-odds of this row, against the average row.
// Linear SHAP with independent features (Lundberg and Lee 2017, corollary 1), one-hot columns summed to their feature.
import type { Matrix } from "../core/matrix.ts";
import { type AdditiveMargin, marginOf } from "../models/additive-margin.ts";

export interface Contributions {
  /** One a column of the row, in log-odds; with the base they sum to the row's own log-odds. */
  readonly values: Float64Array;
  /** Log-odds of the average row. */
  readonly base: number;
}

/** What each column adds to the log-odds on average over the rows. */
export function expectedContributions(margin: AdditiveMargin, X: Matrix): Float64Array {
  const sums = new Float64Array(X.columns);
  for (let i = 0, k = 0; i < X.rows; i++) {
    for (let j = 0; j < X.columns; j++, k++) sums[j]! += marginOf(margin.columns[j]!, X.data[k]!);
  }
  return sums.map((sum) => sum / X.rows);
}

/** @param expected from `expectedContributions` on the rows that stand for the average */
export function linearContributions(
  margin: AdditiveMargin,
  expected: ArrayLike<number>,
  row: ArrayLike<number>,
): Contributions {
  const values = Float64Array.from(margin.columns, (column, j) => marginOf(column, row[j]!) - expected[j]!);
  return { values, base: margin.columns.reduce((sum, _, j) => sum + expected[j]!, margin.intercept) };
}
