// Logistic regression that chooses its penalty by cross-validation, then fits all rows with it.
import { requireFinite, requireSameLength } from "../core/check.ts";
import { type Matrix, takeRows } from "../core/matrix.ts";
import { mean } from "../core/statistics.ts";
import { type LinearClassifier, requireBinaryLabels } from "../models/classifier.ts";
import { logisticDesign } from "../models/logistic-design.ts";
import { fitLogistic, gramOf } from "../models/logistic-loss.ts";
import { LogisticRegression, type LogisticRegressionState, toFit } from "../models/logistic-regression.ts";
import { take } from "../prepare/train-test-split.ts";
import { requireFitted } from "../prepare/transformer.ts";
import { type Splitter, StratifiedKFold } from "./k-fold.ts";
import { type Scorer, type ScoringName, scorerOf } from "./scoring.ts";

export interface LogisticRegressionCVOptions {
  /** Inverse penalties to try. Default: ten from 1e-4 to 1e4, evenly spaced on the logarithm. */
  readonly Cs?: readonly number[];
  /** Default: five stratified folds, in order. */
  readonly cv?: Splitter;
  /** Default `accuracy`. */
  readonly scoring?: ScoringName | Scorer;
  /** As LogisticRegression's. Default true, 1e-8, 100. */
  readonly fitIntercept?: boolean;
  readonly tol?: number;
  readonly maxIter?: number;
}

interface Chosen {
  readonly C: number;
  readonly scores: readonly Float64Array[];
  readonly model: LogisticRegression;
}

/** As scikit-learn's with `refit`: the best mean score wins, ties go to the smallest C. Saved, it is a LogisticRegression. */
export class LogisticRegressionCV implements LinearClassifier {
  readonly options: LogisticRegressionCVOptions;
  readonly Cs: readonly number[];
  #chosen: Chosen | undefined;

  /** @throws RangeError a C is not positive */
  constructor(options: LogisticRegressionCVOptions = {}) {
    this.options = options;
    this.Cs = [...(options.Cs ?? logSpaced(1e-4, 1e4, 10))].sort((a, b) => a - b);
    for (const C of this.Cs) new LogisticRegression({ ...this.#fitOptions, C });
    if (this.Cs.length === 0) throw new RangeError("Cannot choose a penalty: found no Cs, expected at least one");
  }

  /** The chosen inverse penalty. */
  get C(): number {
    return this.#result("read the chosen C").C;
  }

  /** scores[i][k]: of Cs[i] on fold k. */
  get scores(): readonly Float64Array[] {
    return this.#result("read the scores").scores;
  }

  get classes(): readonly number[] {
    return [0, 1];
  }

  get coef(): Float64Array {
    return this.#model.coef;
  }

  get intercept(): number {
    return this.#model.intercept;
  }

  /** Steps of the last fit, on all rows. */
  get nIter(): number {
    return this.#model.nIter;
  }

  get converged(): boolean {
    return this.#model.converged;
  }

  /** @throws RangeError lengths differ, a value is not finite, the labels are not 0 and 1, or there are too few rows */
  fit(X: Matrix, y: ArrayLike<number>): this {
    requireSameLength("rows", { length: X.rows }, "labels", y);
    requireFinite("the matrix", X.data);
    requireBinaryLabels(y);
    const { cv = new StratifiedKFold() } = this.options;
    const byFold = cv.split(y).map(({ train, test }) => this.#scoresOf(X, y, train, test));
    const scores = this.Cs.map((_, i) => Float64Array.from(byFold, (fold) => fold[i]!));
    const C = this.Cs[bestOf(scores)]!;
    this.#chosen = { C, scores, model: new LogisticRegression({ ...this.#fitOptions, C }).fit(X, y) };
    return this;
  }

  predict(X: Matrix): Float64Array {
    return this.#model.predict(X);
  }

  predictProba(X: Matrix): Matrix {
    return this.#model.predictProba(X);
  }

  positive(X: Matrix): Float64Array {
    return this.#model.positive(X);
  }

  clone(): LogisticRegressionCV {
    return new LogisticRegressionCV(this.options);
  }

  toJSON(): LogisticRegressionState {
    return this.#model.toJSON();
  }

  /** Scores of every C on one fold; each fit starts where the one with the smaller C ended. */
  #scoresOf(X: Matrix, y: ArrayLike<number>, train: Int32Array, test: Int32Array): number[] {
    const score = scorerOf(this.options.scoring ?? "accuracy");
    const design = logisticDesign(takeRows(X, train));
    const gram = gramOf(design);
    const labels = take(y, train);
    requireBinaryLabels(labels);
    const held = takeRows(X, test);
    const truth = take(y, test);
    let start: Float64Array | undefined;
    return this.Cs.map((C) => {
      const options = { fitIntercept: true, tol: 1e-8, maxIter: 100, ...this.#fitOptions, C };
      const found = fitLogistic(design, labels, { ...options, start, gram });
      start = found.x;
      const fit = toFit(found.x, found.iterations, found.gradientNorm, found.converged);
      return score(new LogisticRegression({ C }).withFit(fit), held, truth);
    });
  }

  get #fitOptions(): { fitIntercept?: boolean; tol?: number; maxIter?: number } {
    const { fitIntercept, tol, maxIter } = this.options;
    return {
      ...(fitIntercept !== undefined && { fitIntercept }),
      ...(tol !== undefined && { tol }),
      ...(maxIter !== undefined && { maxIter }),
    };
  }

  get #model(): LogisticRegression {
    return this.#result("predict").model;
  }

  #result(doing: string): Chosen {
    return requireFitted(doing, this.#chosen);
  }
}

/** `count` numbers from `low` to `high`, each the same factor above the last. */
export function logSpaced(low: number, high: number, count: number): number[] {
  const from = Math.log10(low);
  const step = (Math.log10(high) - from) / (count - 1);
  return Array.from({ length: count }, (_, i) => 10 ** (from + i * step));
}

/** Position of the highest mean; of the first among equals, which sums in another order may keep apart by a rounding. */
function bestOf(scores: readonly Float64Array[]): number {
  const means = scores.map(mean);
  const best = Math.max(...means);
  return means.findIndex((score) => score >= best - 1e-12);
}
