import { describe, expect, test } from "vitest";
import { type Matrix, matrixOf, takeRows } from "../../../lib/core/matrix.ts";
import { seededRandom } from "../../../lib/core/random.ts";
import { mean } from "../../../lib/core/statistics.ts";
import { rocAuc } from "../../../lib/metrics/roc-curve.ts";
import { estimatorFromJSON } from "../../../lib/models/from-json.ts";
import { LogisticRegression } from "../../../lib/models/logistic-regression.ts";
import { take } from "../../../lib/prepare/train-test-split.ts";
import { crossValScore } from "../../../lib/tune/cross-val-score.ts";
import { KFold, StratifiedKFold } from "../../../lib/tune/k-fold.ts";
import { LogisticRegressionCV, logSpaced } from "../../../lib/tune/logistic-regression-cv.ts";

const { X, y } = noisyRows(300, 4);

describe("LogisticRegressionCV", () => {
  test("tries ten penalties from 1e-4 to 1e4", () => {
    const { Cs } = new LogisticRegressionCV();
    expect(Cs).toHaveLength(10);
    expect(Cs[0]).toBeCloseTo(1e-4, 12);
    expect(Cs[6]).toBeCloseTo(21.5443469, 6);
    expect(Cs[9]).toBeCloseTo(1e4, 6);
  });

  test("scores every penalty on every fold as a fit from scratch would", () => {
    const model = new LogisticRegressionCV({ scoring: "negLogLoss" }).fit(X, y);
    for (const [i, C] of model.Cs.entries()) {
      const plain = crossValScore(new LogisticRegression({ C }), X, y, { scoring: "negLogLoss" });
      for (const [k, score] of model.scores[i]!.entries()) expect(score).toBeCloseTo(plain[k]!, 6);
    }
  });

  test("takes the best mean, then fits all rows with it", () => {
    const model = new LogisticRegressionCV({ scoring: "negLogLoss" }).fit(X, y);
    const means = model.scores.map(mean);
    expect(model.C).toBe(model.Cs[means.indexOf(Math.max(...means))]);
    expect(model.converged).toBe(true);
    const plain = new LogisticRegression({ C: model.C }).fit(X, y);
    for (const [j, weight] of model.coef.entries()) expect(weight).toBeCloseTo(plain.coef[j]!, 5);
    for (const [i, p] of model.positive(X).entries()) expect(p).toBeCloseTo(plain.positive(X)[i]!, 6);
  });

  test("gives a tie to the smallest C, in whatever order they come", () => {
    const model = new LogisticRegressionCV({ Cs: [100, 10, 1], scoring: () => 0.5 }).fit(X, y);
    expect(model.C).toBe(1);
  });

  test("takes other folds and a score of one's own", () => {
    const cv = new KFold({ folds: 3, shuffle: true, seed: 9 });
    const model = new LogisticRegressionCV({ cv, scoring: (m, X, y) => rocAuc(y, m.positive(X)) }).fit(X, y);
    expect(model.scores[0]).toHaveLength(3);
  });

  test("is saved as the logistic regression that it chose", () => {
    const model = new LogisticRegressionCV().fit(X, y);
    const back = estimatorFromJSON(JSON.parse(JSON.stringify(model))) as LogisticRegression;
    expect(back).toBeInstanceOf(LogisticRegression);
    expect(back.options.C).toBe(model.C);
    expect(back.positive(X)).toEqual(model.positive(X));
  });

  test("refuses what it cannot choose from", () => {
    expect(() => new LogisticRegressionCV({ Cs: [] })).toThrow("found no Cs");
    expect(() => new LogisticRegressionCV({ Cs: [1, 0] })).toThrow("Cannot use C: found 0");
    expect(() => new LogisticRegressionCV({ scoring: "f7" as never }).fit(X, y)).toThrow(
      'Cannot score by "f7": expected accuracy, rocAuc',
    );
    expect(() => new LogisticRegressionCV().predict(X)).toThrow("expected fit() before");
  });

  test("spaces numbers evenly on the logarithm", () => {
    expect(logSpaced(1, 100, 3).map((v) => Math.round(v))).toEqual([1, 10, 100]);
  });
});

describe("crossValScore", () => {
  test("fits on each training part and scores the rest", () => {
    const cv = new StratifiedKFold({ folds: 4, shuffle: true, seed: 2 });
    const scores = crossValScore(new LogisticRegression(), X, y, { cv });
    for (const [k, { train, test }] of cv.split(y).entries()) {
      const model = new LogisticRegression().fit(takeRows(X, train), take(y, train));
      const hits = model.predict(takeRows(X, test)).filter((label, i) => label === y[test[i]!]).length;
      expect(scores[k]).toBe(hits / test.length);
    }
  });

  test("leaves the model as it was", () => {
    const model = new LogisticRegression();
    crossValScore(model, X, y, { scoring: "negBrierScore" });
    expect(() => model.predict(X)).toThrow("expected fit() before");
  });
});

/** Ten columns of which three matter. */
function noisyRows(rows: number, seed: number): { X: Matrix; y: Float64Array } {
  const random = seededRandom(seed);
  const values = Array.from({ length: rows }, () => Array.from({ length: 10 }, () => random() * 2 - 1));
  const y = Float64Array.from(values, ([a, b, c]) => (random() < 1 / (1 + Math.exp(-(2 * a! - b! + c!))) ? 1 : 0));
  return { X: matrixOf(values), y };
}
