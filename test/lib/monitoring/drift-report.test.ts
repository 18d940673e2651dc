import { describe, expect, test } from "vitest";
import type { ReferenceRows } from "../../../lib/contract/monitoring.ts";
import type { JsonValue } from "../../../lib/contract/signature.ts";
import { normal, type Random, seededRandom } from "../../../lib/core/random.ts";
import { driftReport } from "../../../lib/monitoring/drift-report.ts";

/** Customers without drift: three numbers, one of them whole with many ties, a binary one and categories. */
const features: Record<string, (random: Random) => JsonValue> = {
  tenure: (random) => Math.floor(72 * random() ** 1.5),
  charges: (random) => 65 + 30 * normal(random),
  total: (random) => Math.exp(7 + normal(random)),
  senior: (random) => (random() < 0.16 ? 1 : 0),
  contract: (random) => pick(random, { "Month-to-month": 0.55, "One year": 0.21, "Two year": 0.24 }),
  internet: (random) => pick(random, { "Fiber optic": 0.44, DSL: 0.34, No: 0.22 }),
  payment: (random) => pick(random, { "Electronic check": 0.34, Mailed: 0.23, Bank: 0.22, Card: 0.2, Cash: 0.01 }),
  partner: (random) => pick(random, { Yes: 0.48, No: 0.52 }),
};

function rows(count: number, seed: number, change: Partial<typeof features> = {}): ReferenceRows {
  const random = seededRandom(seed);
  return Object.fromEntries(
    Object.entries({ ...features, ...change }).map(([name, draw]) => [
      name,
      Array.from({ length: count }, () => draw!(random)),
    ]),
  );
}

const driftedIn = (reference: ReferenceRows, current: ReferenceRows): string[] =>
  driftReport(reference, current)
    .features.filter(({ drifted }) => drifted)
    .map(({ feature }) => feature);

describe("drift against up to 1,000 reference rows", () => {
  test("without drift nothing is flagged, in at least 90 of 100 seeds", () => {
    const quiet = Array.from({ length: 100 }, (_, seed) => seed).filter(
      (seed) => driftedIn(rows(1000, 2 * seed + 1), rows(1000, 2 * seed + 2)).length === 0,
    );
    expect(quiet.length).toBeGreaterThanOrEqual(90);
  });

  test.each<[string, Partial<typeof features>]>([
    ["tenure", { tenure: (random) => Math.floor(60 * random() ** 1.5) }],
    ["charges", { charges: (random) => 75 + 30 * normal(random) }],
    ["total", { total: (random) => (random() < 0.1 ? null : features["total"]!(random)) }],
    ["senior", { senior: (random) => (random() < 0.26 ? 1 : 0) }],
    [
      "contract",
      { contract: (random) => pick(random, { "Month-to-month": 0.45, "One year": 0.31, "Two year": 0.24 }) },
    ],
    ["internet", { internet: (random) => (random() < 0.04 ? "Satellite" : features["internet"]!(random)) }],
    ["partner", { partner: (random) => pick(random, { Yes: 0.35, No: 0.65 }) }],
  ])("drift planted in %s is flagged there and nowhere else", (feature, change) => {
    const seeds = Array.from({ length: 20 }, (_, i) => i);
    const exact = seeds.filter((seed) => {
      const found = driftedIn(rows(1000, 1000 + seed), rows(1000, 5000 + seed, change));
      return found.length === 1 && found[0] === feature;
    });
    expect(exact.length).toBeGreaterThanOrEqual(18);
  });

  test("each kind of feature has its test", () => {
    const { features: found, referenceRows, compared } = driftReport(rows(1000, 1), rows(500, 2));
    expect([referenceRows, compared]).toEqual([1000, 500]);
    expect(Object.fromEntries(found.map(({ feature, type, test: its }) => [feature, `${type} ${its}`]))).toEqual({
      tenure: "number kolmogorov-smirnov",
      charges: "number kolmogorov-smirnov",
      total: "number kolmogorov-smirnov",
      senior: "category z-test",
      contract: "category chi-squared",
      internet: "category chi-squared",
      payment: "category chi-squared",
      partner: "category z-test",
    });
    for (const { pValue, statistic } of found) {
      expect(pValue).toBeGreaterThan(0);
      expect(pValue).toBeLessThanOrEqual(1);
      expect(Number.isFinite(statistic)).toBe(true);
    }
  });

  test("the whole drifts when half of its features do", () => {
    const shifted = { charges: () => 0, total: () => 0, partner: () => "No", senior: () => 1 };
    expect(driftReport(rows(500, 1), rows(500, 2, shifted)).datasetDrift).toBe(true);
    const { charges, total, partner } = shifted;
    expect(driftReport(rows(500, 1), rows(500, 2, { charges, total, partner })).datasetDrift).toBe(false);
  });

  test("both distributions are there to be drawn: shares that add up to one", () => {
    const { features: found } = driftReport(rows(1000, 1), rows(500, 2));
    for (const { feature, type, distribution } of found) {
      const bins = type === "number" ? distribution.edges!.length - 1 : distribution.categories!.length;
      for (const shares of [distribution.reference, distribution.current]) {
        expect(shares, feature).toHaveLength(bins);
        expect(
          shares.reduce((sum, share) => sum + share, 0),
          feature,
        ).toBeCloseTo(1, 9);
      }
    }
    expect(found.find(({ feature }) => feature === "contract")!.distribution.categories).toEqual([
      "Month-to-month",
      "Two year",
      "One year",
    ]);
  });

  test("a feature that no call has is missing everywhere and drifts; features the reference lacks are not looked at", () => {
    const current: ReferenceRows = { ...rows(500, 2), another: new Array<number>(500).fill(1) };
    const { charges: _charges, contract: _contract, ...fewer } = current;
    expect(driftedIn(rows(500, 1), fewer)).toEqual(["charges", "contract"]);
  });

  test("no calls, no features: nothing drifts", () => {
    expect(driftReport(rows(10, 1), {})).toEqual({ referenceRows: 10, compared: 0, features: [], datasetDrift: false });
    expect(driftReport({}, rows(10, 1))).toEqual({ referenceRows: 0, compared: 10, features: [], datasetDrift: false });
    const odd = { mixed: [1, "a", null], objects: [{ a: 1 }, { a: 2 }, [3]], none: [null, null, null] };
    expect(driftReport(odd, odd).features.map(({ drifted }) => drifted)).toEqual([false, false, false]);
  });
});

describe("drift against more reference rows", () => {
  test("goes by distance: a small shift that is significant is not flagged, a great one is", () => {
    const reference = rows(5000, 1);
    const slight = rows(5000, 2, { charges: (random) => 67 + 30 * normal(random) });
    const great = rows(5000, 3, {
      charges: (random) => 75 + 30 * normal(random),
      contract: (random) => pick(random, { "Month-to-month": 0.35, "One year": 0.41, "Two year": 0.24 }),
      total: (random) => (random() < 0.2 ? null : features["total"]!(random)),
    });
    expect(driftedIn(reference, slight)).toEqual([]);
    expect(driftedIn(reference, great)).toEqual(["charges", "total", "contract"]);
    const { features: found } = driftReport(reference, great);
    expect(found.find(({ feature }) => feature === "charges")).toMatchObject({ test: "wasserstein" });
    expect(found.find(({ feature }) => feature === "contract")).toMatchObject({ test: "jensen-shannon" });
    expect(found.every((feature) => !("pValue" in feature))).toBe(true);
  });
});

/** One of the names by its share. */
function pick(random: Random, shares: Readonly<Record<string, number>>): string {
  let left = random();
  for (const [name, share] of Object.entries(shares)) if ((left -= share) < 0) return name;
  return Object.keys(shares)[0]!;
}
