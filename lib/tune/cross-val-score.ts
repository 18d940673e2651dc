// The score of a classifier on rows it was not fitted on, once per fold.
import { requireSameLength } from "../core/check.ts";
import { type Matrix, takeRows } from "../core/matrix.ts";
import type { Classifier } from "../models/classifier.ts";
import { take } from "../prepare/train-test-split.ts";
import { type Splitter, StratifiedKFold } from "./k-fold.ts";
import { type Scorer, type ScoringName, scorerOf } from "./scoring.ts";

export interface CrossValOptions {
  /** Default: five stratified folds, in order. */
  readonly cv?: Splitter;
  /** Default `accuracy`. */
  readonly scoring?: ScoringName | Scorer;
}

/**
 * @param model its options are used; it is not fitted itself
 * @returns one score a fold
 */
export function crossValScore(
  model: Classifier,
  X: Matrix,
  y: ArrayLike<number>,
  { cv = new StratifiedKFold(), scoring = "accuracy" }: CrossValOptions = {},
): Float64Array {
  requireSameLength("rows", { length: X.rows }, "labels", y);
  const score = scorerOf(scoring);
  const scores = cv.split(y).map(({ train, test }) => {
    const fitted = model.clone().fit(takeRows(X, train), take(y, train));
    return score(fitted, takeRows(X, test), take(y, test));
  });
  return Float64Array.from(scores);
}
