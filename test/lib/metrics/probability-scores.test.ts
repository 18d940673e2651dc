import { describe, expect, test } from "vitest";
import { calibrationCurve } from "../../../lib/metrics/calibration-curve.ts";
import { averagePrecision, precisionRecallCurve } from "../../../lib/metrics/precision-recall-curve.ts";
import { brierScore, logLoss } from "../../../lib/metrics/probability-scores.ts";
import { golden } from "../../support/golden.ts";
import { tiedScores } from "./golden-rows.ts";

const { labels, scores } = tiedScores();
/** As the published values were computed. */
const clipped = scores.map((score) => Math.min(0.99, Math.max(0.01, score)));

describe("log loss and Brier score", () => {
  test("are scikit-learn's", () => {
    expect(logLoss(labels, clipped)).toBeCloseTo(golden.statistics["log_loss_clip.01"], 11);
    expect(brierScore(labels, clipped)).toBeCloseTo(golden.statistics.brier, 11);
  });

  test("log loss is finite for a certain prediction that fails, as scikit-learn clips it", () => {
    expect(logLoss(labels, scores)).toBeCloseTo(golden.statistics.log_loss_unclipped_s, 11);
    expect(logLoss([1], [0])).toBeCloseTo(-Math.log(Number.EPSILON), 12);
    expect(logLoss([0], [1])).toBeCloseTo(-Math.log(Number.EPSILON), 12);
  });

  test("are best for the probability that rows were drawn with", () => {
    const drawn = [1, 1, 1, 0];
    for (const p of [0.6, 0.9]) {
      expect(logLoss(drawn, [0.75, 0.75, 0.75, 0.75])).toBeLessThan(logLoss(drawn, [p, p, p, p]));
      expect(brierScore(drawn, [0.75, 0.75, 0.75, 0.75])).toBeLessThan(brierScore(drawn, [p, p, p, p]));
    }
  });

  test("refuse what is no probability, no label, no row", () => {
    expect(() => logLoss([1], [1.1])).toThrow("found 1.1 in row 0, expected 0 to 1");
    expect(() => brierScore([1], [Number.NaN])).toThrow("found NaN in row 0");
    expect(() => brierScore([2], [0.5])).toThrow("found label 2 in row 0");
    expect(() => logLoss([], [])).toThrow("found no rows");
  });
});

describe("calibrationCurve", () => {
  test("is scikit-learn's with bins of equal width", () => {
    const { predicted, observed, rows } = calibrationCurve(labels, clipped);
    const { prob_true, prob_pred } = golden.statistics.calibration_uniform;
    expect(observed).toHaveLength(prob_true.length);
    for (const [k, share] of observed.entries()) expect(share).toBeCloseTo(prob_true[k], 11);
    for (const [k, mean] of predicted.entries()) expect(mean).toBeCloseTo(prob_pred[k], 11);
    expect(rows.reduce((sum, count) => sum + count, 0)).toBe(300);
  });

  test("has as many rows in each bin when asked", () => {
    const even = Float64Array.from({ length: 100 }, (_, i) => i / 100);
    const { rows } = calibrationCurve(
      even.map((p) => +(p > 0.5)),
      even,
      { bins: 5, strategy: "quantile" },
    );
    expect([...rows]).toEqual([20, 20, 20, 20, 20]);
  });

  test("leaves out bins without rows", () => {
    expect(calibrationCurve([0, 1], [0.05, 0.95])).toEqual({
      predicted: Float64Array.of(0.05, 0.95),
      observed: Float64Array.of(0, 1),
      rows: Float64Array.of(1, 1),
    });
  });
});

describe("precisionRecallCurve", () => {
  test("has as many points and the average precision as scikit-learn", () => {
    expect(precisionRecallCurve(labels, scores).precision).toHaveLength(golden.statistics.pr_n);
    expect(averagePrecision(labels, scores)).toBeCloseTo(golden.statistics.average_precision, 11);
  });

  test("ends at precision 1 and recall 0, recall falling all the way", () => {
    const { precision, recall, threshold } = precisionRecallCurve([0, 1, 1], [0.1, 0.4, 0.8]);
    expect([...precision]).toEqual([2 / 3, 1, 1, 1]);
    expect([...recall]).toEqual([1, 1, 0.5, 0]);
    expect([...threshold]).toEqual([0.1, 0.4, 0.8, Number.POSITIVE_INFINITY]);
  });
});
