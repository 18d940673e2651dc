import { describe, expect, test } from "vitest";
import { costCurve } from "../../../lib/metrics/cost-curve.ts";
import fc from "../../support/fast-check.ts";

describe("costCurve", () => {
  test("counts at every threshold what counting row by row gives", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 9 })), { minLength: 1 }),
        (rows) => {
          const labels = rows.map(([label]) => label);
          const scores = rows.map(([, score]) => score / 9);
          const { threshold, cost, falseAlarms, missed } = costCurve(labels, scores, { falseAlarm: 2, missed: 5 });
          for (const [k, t] of threshold.entries()) {
            const alarms = labels.filter((label, i) => label === 0 && scores[i]! >= t).length;
            const silent = labels.filter((label, i) => label === 1 && scores[i]! < t).length;
            expect([falseAlarms[k], missed[k], cost[k]]).toEqual([alarms, silent, 2 * alarms + 5 * silent]);
          }
        },
      ),
    );
  });

  test("is cheapest where a missed case is worth more than false alarms, the highest such threshold", () => {
    const labels = [0, 0, 1, 0, 1];
    const scores = [0.1, 0.2, 0.3, 0.6, 0.9];
    expect(costCurve(labels, scores, { missed: 10 }).best).toEqual({
      threshold: 0.3,
      cost: 1,
      falseAlarms: 1,
      missed: 0,
    });
    expect(costCurve(labels, scores, { falseAlarm: 10 }).best).toMatchObject({ threshold: 0.9, cost: 1 });
    expect(costCurve(labels, scores, { falseAlarm: 1, missed: 0 }).best.threshold).toBe(Number.POSITIVE_INFINITY);
  });

  test("expects the cheapest threshold of calibrated probabilities where Elkan's rule puts it", () => {
    const scores = Array.from({ length: 999 }, (_, i) => (i + 1) / 1000);
    const { best } = costCurve(scores, scores, { falseAlarm: 1, missed: 4 });
    expect(best.threshold).toBeCloseTo(1 / (1 + 4), 2);
  });

  test("begins with acting on everybody and ends with acting on nobody", () => {
    const { threshold, falseAlarms, missed } = costCurve([0, 1], [0.4, 0.7]);
    expect([...threshold]).toEqual([0, 0.7, Number.POSITIVE_INFINITY]);
    expect([...falseAlarms]).toEqual([1, 0, 0]);
    expect([...missed]).toEqual([0, 0, 1]);
  });

  test("says what is no cost curve", () => {
    expect(() => costCurve([], [])).toThrow("found no rows");
    expect(() => costCurve([0, 1], [0.4, 1.7])).toThrow("found 1.7 in scores, expected 0 to 1");
    expect(() => costCurve([0], [0.4], { missed: -1 })).toThrow("Cannot use the cost missed: found -1");
  });
});
