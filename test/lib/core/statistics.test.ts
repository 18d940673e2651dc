import { describe, expect, test } from "vitest";
import { mean, median, quantiles, standardDeviation, statsOf } from "../../../lib/core/statistics.ts";
import fc from "../../support/fast-check.ts";
import { golden, lcg } from "../../support/golden.ts";

describe("statistics", () => {
  test("has numpy's percentiles", () => {
    const a = lcg(11, 200).map((u) => u * 10);
    const { edges } = golden.statistics.psi10;
    const ours = quantiles(a, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
    for (const [i, edge] of ours.entries()) expect(edge).toBeCloseTo(edges[i], 10);
  });

  test("does not sort what it was given", () => {
    const values = Float64Array.of(3, 1, 2);
    expect(median(values)).toBe(2);
    expect([...values]).toEqual([3, 1, 2]);
  });

  test("takes the middle of an even count", () => expect(median([4, 1, 3, 2])).toBe(2.5));

  test("puts quantiles between the smallest and the largest value, rising", () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, (x) => {
        const found = quantiles(x, [0, 0.3, 0.7, 1]);
        expect(found[0] === Math.min(...x), "the smallest").toBe(true); // −0 and 0 are one value here
        expect(found[3] === Math.max(...x), "the largest").toBe(true);
        expect(found[1]!).toBeLessThanOrEqual(found[2]!);
      }),
    );
  });

  test("describes a column with pandas' deviation", () => {
    expect(statsOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ median: 4.5, mean: 5, min: 2, max: 9, std: Math.sqrt(32 / 7) });
    expect(statsOf([3])).toEqual({ median: 3, mean: 3, min: 3, max: 3, std: 0 });
  });

  test("divides by n, or by n − 1 when asked", () => {
    expect(standardDeviation([1, 3])).toBe(1);
    expect(standardDeviation([1, 3], { ddof: 1 })).toBe(Math.SQRT2);
  });

  test("says that there are no values", () => {
    expect(() => quantiles([], [0.5])).toThrow("Cannot take quantiles: found no values, expected at least one");
    expect(mean([])).toBeNaN();
  });
});
