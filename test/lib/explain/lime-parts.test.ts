import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../lib/core/random.ts";
import { mean, quantiles, standardDeviation } from "../../../lib/core/statistics.ts";
import { type ColumnDraw, drawNeighbourhood } from "../../../lib/explain/neighbourhood.ts";
import { binName, binOf, quartileBins } from "../../../lib/explain/quartile-bins.ts";
import { seedOf } from "../../../lib/explain/seed-of.ts";
import { fitSurrogate } from "../../../lib/explain/surrogate.ts";
import fc from "../../support/fast-check.ts";
import { golden, lcg } from "../../support/golden.ts";

describe("quartile bins", () => {
  const values = Float64Array.from({ length: 101 }, (_, i) => i * i);
  const { edges, bins } = quartileBins(values);

  test("are cut at the quartiles, an edge's own value going left", () => {
    expect(edges).toEqual([...quantiles(values, [0.25, 0.5, 0.75])]);
    expect([0, 625, 626, 2500, 5625, 5626].map((value) => binOf(edges, value))).toEqual([0, 0, 1, 1, 2, 3]);
  });

  test("know the mean, deviation, ends and share of their own values", () => {
    const second = values.filter((value) => value > 625 && value <= 2500);
    expect(bins[1]).toEqual({
      mean: mean(second),
      std: standardDeviation(second),
      min: 625,
      max: 2500,
      share: 25 / 101,
    });
    expect(bins.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 14);
    expect([bins[0]!.min, bins[3]!.max]).toEqual([0, 10000]);
  });

  test("have equal quartiles once", () => {
    const { edges, bins } = quartileBins(Float64Array.of(0, 0, 0, 0, 0, 0, 7, 8));
    expect(edges).toEqual([0, 1.75]);
    expect(bins.map(({ share }) => share)).toEqual([0.75, 0, 0.25]);
  });

  test("are named as the reference package names them, ties of two decimals to the even one", () => {
    expect(binName("tenure", [9, 29, 55], 0)).toBe("tenure <= 9.00");
    expect(binName("tenure", [9, 29, 55], 1)).toBe("9.00 < tenure <= 29.00");
    expect(binName("tenure", [9, 29, 55], 3)).toBe("tenure > 55.00");
    expect(binName("x", [0.125, 0.375, -0.125], 1)).toBe("0.12 < x <= 0.38");
    expect(binName("x", [-0.125, 35.5875, 1e21], 1)).toBe("-0.12 < x <= 35.59");
  });
});

describe("the neighbourhood", () => {
  const training = lcg(3, 2000).map((u) => (u < 0.3 ? u * 2 : 10 + u * 5));
  const quartiles = quartileBins(training);
  const columns: ColumnDraw[] = [{ quartiles }, { codes: [0, 2], shares: [0.25, 0.75] }];

  test("starts with the row itself", () => {
    const { values, same } = drawNeighbourhood([99, 1], columns, 10, seededRandom(1));
    expect([values[0], values[1], same[0], same[1]]).toEqual([99, 1, 1, 1]);
  });

  test("draws categories and bins as often as training has them, numbers within their bin", () => {
    const { values, same } = drawNeighbourhood([12, 2], columns, 20_001, seededRandom(7));
    const numbers = Float64Array.from({ length: 20_000 }, (_, i) => values[2 * i + 2]!);
    const codes = Float64Array.from({ length: 20_000 }, (_, i) => values[2 * i + 3]!);
    expect(codes.filter((code) => code === 2).length / 20_000).toBeCloseTo(0.75, 1);
    expect(codes.every((code) => code === 0 || code === 2)).toBe(true);
    for (const [b, bin] of quartiles.bins.entries()) {
      const inside = numbers.filter((value) => binOf(quartiles.edges, value) === b);
      expect(inside.length / 20_000).toBeCloseTo(bin.share, 1);
      expect(inside.every((value) => value >= bin.min && value <= bin.max)).toBe(true);
    }
    const ownBin = binOf(quartiles.edges, 12);
    for (let i = 1; i <= 20_000; i++) {
      expect(same[2 * i]).toBe(+(binOf(quartiles.edges, values[2 * i]!) === ownBin));
      expect(same[2 * i + 1]).toBe(+(values[2 * i + 1] === 2));
    }
  });

  test("draws a normal cut off at the bin's ends", () => {
    const bin = { mean: 1, std: 2, min: 0, max: 2.5, share: 1 };
    const wide = [{ quartiles: { edges: [], bins: [bin] } }];
    const { values } = drawNeighbourhood([1], wide, 100_000, seededRandom(5));
    const [expectedMean, expectedVariance] = momentsOfTruncated(bin);
    expect(mean(values)).toBeCloseTo(expectedMean, 1.7);
    expect(standardDeviation(values) ** 2).toBeCloseTo(expectedVariance, 1.7);
  });

  test("gives a bin of one value that value", () => {
    const { values } = drawNeighbourhood(
      [3],
      [{ quartiles: quartileBins(new Float64Array(5).fill(3)) }],
      50,
      seededRandom(1),
    );
    expect(values.every((value) => value === 3)).toBe(true);
  });

  test("is the same for the same seed", () => {
    const draw = (seed: number) => drawNeighbourhood([12, 2], columns, 100, seededRandom(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});

describe("the surrogate", () => {
  test("has the reference package's weights, intercept, R² and local prediction", () => {
    const { lime_base } = golden.statistics;
    const columns = Array.from({ length: 8 }, (_, j) => lcg(300 + j, 400).map((u) => +(u < 0.4)));
    const same = Uint8Array.from({ length: 400 * 8 }, (_, k) => (k < 8 ? 1 : columns[k % 8]![Math.floor(k / 8)]!));
    const effects = [1, -0.8, 0.5, 0.3, -0.2, 0.1, 0, 0.05];
    const rows = Array.from({ length: 400 }, (_, i) => [...same.slice(i * 8, i * 8 + 8)]);
    const target = Float64Array.from(
      rows,
      (row) => 1 / (1 + Math.exp(0.5 - row.reduce((sum, z, j) => sum + z * effects[j]!, 0))),
    );
    const weights = Float64Array.from(rows, (row) =>
      Math.sqrt(Math.exp(-row.filter((z) => z === 0).length / (0.5625 * 8))),
    );
    const found = fitSurrogate(same, target, weights, { features: 4 });
    expect(found.columns).toEqual(lime_base.weights.map(([j]: [number]) => j));
    for (const [k, weight] of found.weights.entries()) expect(weight).toBeCloseTo(lime_base.weights[k][1], 10);
    expect(found.intercept).toBeCloseTo(lime_base.intercept, 10);
    expect(found.r2).toBeCloseTo(lime_base.r2, 10);
    expect(found.localPrediction).toBeCloseTo(lime_base.local_pred[0], 10);
  });

  test("has an R² that the residuals give", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1), fc.nat(1), fc.double({ min: 0, max: 1, noNaN: true })), {
          minLength: 5,
          maxLength: 30,
        }),
        (rows) => {
          const target = Float64Array.from(rows, ([, , y]) => y);
          const weights = target.map((_, i) => 1 / (i + 1));
          const same = Uint8Array.from({ length: rows.length * 2 }, (_, k) => rows[k >> 1]![(k & 1) as 0 | 1]);
          const found = fitSurrogate(same, target, weights);
          const fitted = rows.map((row) =>
            found.columns.reduce((sum, j, k) => sum + found.weights[k]! * row[j as 0 | 1], found.intercept),
          );
          const total = weights.reduce((sum, w) => sum + w, 0);
          const centre = target.reduce((sum, y, i) => sum + weights[i]! * y, 0) / total;
          const spread = target.reduce((sum, y, i) => sum + weights[i]! * (y - centre) ** 2, 0);
          fc.pre(spread > 1e-6);
          const errors = target.reduce((sum, y, i) => sum + weights[i]! * (y - fitted[i]!) ** 2, 0);
          expect(found.r2).toBeCloseTo(1 - errors / spread, 6);
        },
      ),
    );
  });

  test("explains nothing where the model is the same everywhere", () => {
    const found = fitSurrogate(
      Uint8Array.of(1, 1, 0, 1, 1, 0),
      Float64Array.of(0.4, 0.4, 0.4),
      Float64Array.of(1, 1, 1),
    );
    expect(found.r2).toBe(0);
    expect(found.intercept).toBeCloseTo(0.4, 12);
  });
});

describe("seedOf", () => {
  test("is told by the content alone", () => {
    expect(seedOf(Float64Array.of(1, 2))).toBe(seedOf(Float64Array.of(1, 2)));
    expect(seedOf(Float64Array.of(1, 2))).not.toBe(seedOf(Float64Array.of(2, 1)));
    expect(seedOf(Float64Array.of(-0))).toBe(seedOf(Float64Array.of(0)));
  });
});

/** Mean and variance of a truncated normal, by adding up its density in small steps. */
function momentsOfTruncated({
  mean,
  std,
  min,
  max,
}: {
  mean: number;
  std: number;
  min: number;
  max: number;
}): [number, number] {
  const points = Array.from({ length: 10_000 }, (_, k) => min + ((k + 0.5) * (max - min)) / 10_000);
  const density = points.map((x) => Math.exp(-((x - mean) ** 2) / (2 * std ** 2)));
  const total = density.reduce((sum, d) => sum + d, 0);
  const centre = points.reduce((sum, x, k) => sum + x * density[k]!, 0) / total;
  return [centre, points.reduce((sum, x, k) => sum + (x - centre) ** 2 * density[k]!, 0) / total];
}
