// Named scores of a fitted classifier; larger is better.
import type { Matrix } from "../core/matrix.ts";
import { accuracy } from "../metrics/confusion-matrix.ts";
import { brierScore, logLoss } from "../metrics/probability-scores.ts";
import { rocAuc } from "../metrics/roc-curve.ts";
import type { Classifier } from "../models/classifier.ts";

export type Scorer = (model: Classifier, X: Matrix, y: ArrayLike<number>) => number;
export type ScoringName = "accuracy" | "rocAuc" | "negLogLoss" | "negBrierScore";

const scorers: Readonly<Record<ScoringName, Scorer>> = {
  accuracy: (model, X, y) => accuracy(y, model.predict(X)),
  rocAuc: (model, X, y) => rocAuc(y, model.positive(X)),
  negLogLoss: (model, X, y) => -logLoss(y, model.positive(X)),
  negBrierScore: (model, X, y) => -brierScore(y, model.positive(X)),
};

/** @throws RangeError the name is no score's */
export function scorerOf(scoring: ScoringName | Scorer): Scorer {
  if (typeof scoring === "function") return scoring;
  if (Object.hasOwn(scorers, scoring)) return scorers[scoring];
  throw new RangeError(
    `Cannot score by ${JSON.stringify(scoring)}: expected ${Object.keys(scorers).join(", ")} or a function`,
  );
}
