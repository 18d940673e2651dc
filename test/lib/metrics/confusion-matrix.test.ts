import { describe, expect, test } from "vitest";
import {
  accuracy,
  balancedAccuracy,
  confusionMatrix,
  matthewsCorrelation,
} from "../../../lib/metrics/confusion-matrix.ts";
import fc from "../../support/fast-check.ts";
import { golden } from "../../support/golden.ts";
import { threeClasses, tiedScores } from "./golden-rows.ts";

describe("confusion matrix", () => {
  test("counts as scikit-learn does, two classes and three", () => {
    const { labels, predicted } = tiedScores();
    expect(confusionMatrix(labels, predicted)).toEqual({ classes: [0, 1], counts: golden.statistics.confusion });
    const three = threeClasses();
    expect(confusionMatrix(three.labels, three.predicted).counts).toEqual(golden.statistics.multi.confusion);
  });

  test("has scikit-learn's accuracy, balanced accuracy and Matthews correlation", () => {
    const { labels, predicted } = tiedScores();
    expect(accuracy(labels, predicted)).toBeCloseTo(golden.statistics["report_threshold_.5_ge"].accuracy, 11);
    expect(balancedAccuracy(labels, predicted)).toBeCloseTo(golden.statistics.balanced_accuracy, 11);
    expect(matthewsCorrelation(labels, predicted)).toBeCloseTo(golden.statistics.mcc, 11);
  });

  test("holds every row once", () => {
    const label = fc.nat(3);
    fc.assert(
      fc.property(fc.array(fc.tuple(label, label), { minLength: 1 }), (pairs) => {
        const labels = pairs.map(([a]) => a);
        const predicted = pairs.map(([, b]) => b);
        const { classes, counts } = confusionMatrix(labels, predicted);
        for (const [i, a] of classes.entries()) {
          for (const [j, b] of classes.entries())
            expect(counts[i]![j]).toBe(pairs.filter(([x, y]) => x === a && y === b).length);
        }
        expect(accuracy(labels, predicted)).toBe(pairs.filter(([a, b]) => a === b).length / pairs.length);
        expect(Math.abs(matthewsCorrelation(labels, predicted))).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  test("correlates perfectly, not at all, and backwards", () => {
    expect(matthewsCorrelation([0, 1, 0, 1], [0, 1, 0, 1])).toBe(1);
    expect(matthewsCorrelation([0, 1, 0, 1], [1, 0, 1, 0])).toBe(-1);
    expect(matthewsCorrelation([0, 1, 0, 1], [1, 1, 1, 1])).toBe(0);
  });

  test("refuses no rows and unequal lengths", () => {
    expect(() => accuracy([], [])).toThrow("found no rows");
    expect(() => accuracy([1], [1, 0])).toThrow("Cannot pair labels with predictions: found 1 and 2 values");
  });
});
