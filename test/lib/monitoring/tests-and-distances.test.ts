// Tests and distances against scipy's values and against the plainest way to compute them.

import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../lib/core/random.ts";
import { chiSquaredTest } from "../../../lib/monitoring/chi-squared-test.ts";
import { jensenShannon, normedWasserstein, wassersteinDistance } from "../../../lib/monitoring/distances.ts";
import { holm } from "../../../lib/monitoring/holm.ts";
import { kolmogorovSmirnov } from "../../../lib/monitoring/kolmogorov-smirnov.ts";
import { proportionsTest } from "../../../lib/monitoring/proportions-test.ts";
import fc from "../../support/fast-check.ts";
import { golden, lcg } from "../../support/golden.ts";

const a = lcg(11, 200).map((u) => u * 10);
const other = lcg(23, 150);
const b = lcg(22, 150).map((u, i) => u * 10 + other[i]! * 2);
const sample = (minLength: number, maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 6 }), { minLength, maxLength });

describe("Kolmogorov and Smirnov's test", () => {
  test("gives scipy's distance and exact p-value", () => {
    const { D, p } = golden.statistics.ks2_exact;
    const { statistic, pValue } = kolmogorovSmirnov(a, b);
    expect(statistic).toBeCloseTo(D, 12);
    expect(pValue / p).toBeCloseTo(1, 10);
    expect(kolmogorovSmirnov(b, a)).toEqual({ statistic, pValue });
  });

  test("counts every order of the pooled values", () => {
    fc.assert(
      fc.property(sample(1, 6), sample(1, 5), (x, y) => {
        const { statistic, pValue } = kolmogorovSmirnov(x, y);
        expect(statistic).toBeCloseTo(plainDistance(x, y), 12);
        expect(pValue).toBeCloseTo(plainShare(x.length, y.length, plainDistance(x, y)), 10);
      }),
      { numRuns: 60 },
    );
  });

  test("goes over to the limit distribution without a step", () => {
    const random = seededRandom(3);
    const draw = (n: number, shift: number) => Float64Array.from({ length: n }, () => random() + shift);
    const exact = kolmogorovSmirnov(draw(3150, 0), draw(3150, 0.03));
    const limit = kolmogorovSmirnov(draw(3180, 0), draw(3180, 0.03));
    expect(exact.statistic).toBeCloseTo(limit.statistic, 1);
    const lambda = Math.sqrt(3180 / 2) * limit.statistic;
    expect(limit.pValue).toBeCloseTo(2 * Math.exp(-2 * lambda ** 2), 6);
  });

  test("is sure of nothing for equal samples, takes −∞ and refuses empty ones", () => {
    expect(kolmogorovSmirnov([1, 2, 2], [1, 2, 2])).toEqual({ statistic: 0, pValue: 1 });
    expect(kolmogorovSmirnov([-Infinity, 1], [1, 2]).statistic).toBe(0.5);
    expect(() => kolmogorovSmirnov([], [1])).toThrow("found 0 and 1 values");
  });
});

describe("Pearson's χ²", () => {
  test("gives scipy's statistic and p-value", () => {
    const { table, chi2, p, dof } = golden.statistics.chi2_3x4;
    const found = chiSquaredTest(table);
    expect(found.statistic).toBeCloseTo(chi2, 9);
    expect(found.pValue / p).toBeCloseTo(1, 9);
    expect(found.degrees).toBe(dof);
  });

  test("leaves empty groups and categories out, and says nothing of one category", () => {
    expect(
      chiSquaredTest([
        [3, 0, 7],
        [5, 0, 5],
      ]),
    ).toEqual(
      chiSquaredTest([
        [3, 7],
        [5, 5],
      ]),
    );
    expect(chiSquaredTest([[3], [9]])).toEqual({ statistic: 0, pValue: 1, degrees: 0 });
    expect(chiSquaredTest([])).toEqual({ statistic: 0, pValue: 1, degrees: 0 });
  });

  test("of a 2 × 2 table is the square of the z-test, with the same p-value", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 4, maxLength: 4 }), ([p, q, r, s]) => {
        const z = proportionsTest({ count: p!, of: p! + q! }, { count: r!, of: r! + s! });
        const table = chiSquaredTest([
          [p!, q!],
          [r!, s!],
        ]);
        expect(z.statistic ** 2).toBeCloseTo(table.statistic, 8);
        expect(z.pValue).toBeCloseTo(table.pValue, 10);
      }),
    );
  });
});

describe("the z-test of proportions", () => {
  test("is the difference in standard errors of the pooled share: 120 of 200 against 95 of 200", () => {
    const { statistic, pValue } = proportionsTest({ count: 120, of: 200 }, { count: 95, of: 200 });
    expect(statistic).toBeCloseTo(-2.50706, 5);
    expect(pValue).toBeCloseTo(0.012174, 5);
  });

  test("says nothing where nobody or everybody counts, or nobody is there", () => {
    for (const [x, y] of [
      [0, 0],
      [5, 5],
    ] as const)
      expect(proportionsTest({ count: x, of: 5 }, { count: y, of: 5 })).toEqual({ statistic: 0, pValue: 1 });
    expect(proportionsTest({ count: 1, of: 2 }, { count: 0, of: 0 })).toEqual({ statistic: 0, pValue: 1 });
  });
});

describe("distances", () => {
  test("are scipy's", () => {
    expect(wassersteinDistance(a, b)).toBeCloseTo(golden.statistics.wasserstein, 9);
    const { distance_base_2: distance } = golden.statistics.jensenshannon;
    expect(jensenShannon(...jensenShannonShares())).toBeCloseTo(distance, 9);
  });

  test("of Wasserstein: equal samples are at 0, a shift is as far as it shifts", () => {
    fc.assert(
      fc.property(sample(1, 8), sample(1, 8), fc.integer({ min: 1, max: 9 }), (x, y, shift) => {
        expect(wassersteinDistance(x, x)).toBe(0);
        expect(
          wassersteinDistance(
            x,
            x.map((value) => value + shift),
          ),
        ).toBeCloseTo(shift, 10);
        expect(wassersteinDistance(x, y)).toBeCloseTo(plainWasserstein(x, y), 10);
      }),
    );
    expect(normedWasserstein([0, 2], [3, 5])).toBeCloseTo(3, 12);
    expect(normedWasserstein([4, 4], [4, 5])).toBeCloseTo(0.5, 12);
    expect(() => wassersteinDistance([], [1])).toThrow("expected some of each");
  });

  test("of Jensen and Shannon: 0 for the same shares, 1 for nothing in common", () => {
    expect(jensenShannon([1, 2, 3], [2, 4, 6])).toBe(0);
    expect(jensenShannon([5, 0], [0, 9])).toBeCloseTo(1, 12);
  });
});

describe("Holm's correction", () => {
  test("is R's p.adjust", () => {
    expect(holm([0.01, 0.02, 0.03, 0.04]).map((p) => Number(p.toFixed(6)))).toEqual([0.04, 0.06, 0.06, 0.06]);
    expect(holm([0.04, 0.001, 0.6])).toEqual([0.08, 0.003, 0.6]);
    expect(holm([0.9, 0.8])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});

/** As psi10's recipe bins the two samples. */
function jensenShannonShares(): [number[], number[]] {
  const { counts_a: p, counts_b: q } = golden.statistics.psi10;
  return [p, q];
}

function plainDistance(x: readonly number[], y: readonly number[]): number {
  const below = (values: readonly number[], at: number): number =>
    values.filter((value) => value <= at).length / values.length;
  return Math.max(...[...x, ...y].map((at) => Math.abs(below(x, at) - below(y, at))));
}

/** Of all ways to put m values of one sample among m + n places, the share that is at least as far apart. */
function plainShare(m: number, n: number, distance: number): number {
  let [all, far] = [0, 0];
  for (let mask = 0; mask < 2 ** (m + n); mask++) {
    const places = Array.from({ length: m + n }, (_, i) => (mask >> i) & 1);
    if (places.filter((one) => one === 1).length !== m) continue;
    all++;
    const of = (sample: number): number[] => places.flatMap((one, i) => (one === sample ? [i] : []));
    if (plainDistance(of(1), of(0)) >= distance - 1e-9) far++;
  }
  return far / all;
}

/** The area between the two distribution functions. */
function plainWasserstein(x: readonly number[], y: readonly number[]): number {
  const edges = [...new Set([...x, ...y])].sort((p, q) => p - q);
  const below = (values: readonly number[], at: number): number =>
    values.filter((value) => value <= at).length / values.length;
  return edges.slice(1).reduce((sum, edge, i) => {
    const from = edges[i]!;
    return sum + Math.abs(below(x, from) - below(y, from)) * (edge - from);
  }, 0);
}
