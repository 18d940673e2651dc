import { describe, expect, test } from "vitest";
import { auc, rocAuc, rocCurve } from "../../../lib/metrics/roc-curve.ts";
import fc from "../../support/fast-check.ts";
import { golden } from "../../support/golden.ts";
import { tiedScores } from "./golden-rows.ts";

describe("rocCurve", () => {
  test("equals scikit-learn's curve on 300 tied scores", () => {
    const { labels, scores } = tiedScores();
    const { falsePositiveRate, truePositiveRate, threshold } = rocCurve(labels, scores);
    const { fpr, tpr, thresholds, n_points } = golden.statistics.roc;
    expect(threshold).toHaveLength(n_points);
    for (let k = 0; k < n_points; k++) {
      expect(falsePositiveRate[k]).toBeCloseTo(fpr[k], 11);
      expect(truePositiveRate[k]).toBeCloseTo(tpr[k], 11);
      expect(threshold[k]).toBe(Number(thresholds[k]));
    }
  });

  test("puts tied scores on one point", () => {
    const { falsePositiveRate, truePositiveRate, threshold } = rocCurve([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5]);
    expect([...falsePositiveRate]).toEqual([0, 1]);
    expect([...truePositiveRate]).toEqual([0, 1]);
    expect([...threshold]).toEqual([Number.POSITIVE_INFINITY, 0.5]);
  });

  test("leaves out points on a straight line, unless told not to", () => {
    const labels = [1, 1, 1, 0];
    const scores = [0.9, 0.8, 0.7, 0.1];
    expect([...rocCurve(labels, scores).threshold]).toEqual([Number.POSITIVE_INFINITY, 0.9, 0.7, 0.1]);
    expect(rocCurve(labels, scores, { dropIntermediate: false }).threshold).toHaveLength(5);
  });

  test("has the area that counting pairs gives, with points dropped or not", () => {
    fc.assert(
      fc.property(labelled(), ({ labels, scores }) => {
        const pairs = pairsWon(labels, scores);
        expect(rocAuc(labels, scores)).toBeCloseTo(pairs, 12);
        for (const dropIntermediate of [true, false]) {
          const { falsePositiveRate, truePositiveRate } = rocCurve(labels, scores, { dropIntermediate });
          expect(auc(falsePositiveRate, truePositiveRate)).toBeCloseTo(pairs, 12);
        }
      }),
    );
  });

  test("has scikit-learn's area", () => {
    const { labels, scores } = tiedScores();
    expect(rocAuc(labels, scores)).toBeCloseTo(golden.statistics.roc.auc, 11);
  });

  test("says which class is missing and which score is none", () => {
    expect(() => rocCurve([1, 1], [0.2, 0.9])).toThrow("Cannot draw a ROC curve: found only label 1, expected 0 and 1");
    expect(() => rocAuc([0, 2], [0.2, 0.9])).toThrow("found labels 0, 2, expected 0 and 1");
    expect(() => rocAuc([0, 1], [0.2, Number.NaN])).toThrow("Cannot use scores: found NaN at position 1");
    expect(() => rocAuc([0, 1], [0.2])).toThrow("found 2 and 1 values");
  });
});

/** Few distinct scores, so that ties are common; both labels present. */
function labelled() {
  const row = fc.record({ label: fc.nat(1), score: fc.nat(6).map((k) => k / 6) });
  return fc
    .array(row, { minLength: 2, maxLength: 40 })
    .filter((rows) => new Set(rows.map(({ label }) => label)).size === 2)
    .map((rows) => ({ labels: rows.map(({ label }) => label), scores: rows.map(({ score }) => score) }));
}

function pairsWon(labels: readonly number[], scores: readonly number[]): number {
  const of = (label: number) => scores.filter((_, i) => labels[i] === label);
  const won = of(1).flatMap((up) => of(0).map((down): number => (up > down ? 1 : up === down ? 0.5 : 0)));
  return won.reduce((sum, share) => sum + share, 0) / won.length;
}
