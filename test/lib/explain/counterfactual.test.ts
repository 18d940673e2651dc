import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../lib/contract/signature.ts";
import { counterfactual } from "../../../lib/explain/counterfactual.ts";
import { distanceBetween, type FeatureRanges, valuesFrom } from "../../../lib/explain/feature-range.ts";
import { sigmoid } from "../../../lib/models/classifier.ts";
import fc from "../../support/fast-check.ts";

const features: FeatureRanges = {
  tenure: { min: 0, max: 72, step: 1 },
  charges: { min: 18.25, max: 118.75 },
  contract: { categories: ["month", "year", "two"] },
  support: { categories: ["no", "yes"] },
};
const record = { tenure: 2, charges: 90, contract: "month", support: "no" };

/** A sum of the features' shares, as a logistic regression is. */
function margin({ tenure, charges, contract, support }: JsonObject): number {
  const byContract = { month: 0, year: -0.8, two: -1.7 }[String(contract)]!;
  return 0.6 - 0.03 * Number(tenure) + 0.01 * Number(charges) + byContract - (support === "yes" ? 0.7 : 0);
}
const predict = (records: readonly JsonObject[]) => records.map((one) => sigmoid(margin(one)));

describe("counterfactual", () => {
  test("changes one feature where one is enough, and as little of it as can be", async () => {
    const found = await counterfactual(record, { predict, features, threshold: 0.5 });
    // 0.6 − 0.06 + 0.9 = 1.44 must fall under 0: 48 months more do it exactly, one more gets under
    expect(found).toMatchObject({
      changes: [{ feature: "tenure", from: 2, to: 51 }],
      record: { ...record, tenure: 51 },
    });
    expect(found!.probability).toBeLessThan(0.5);
    expect(found!.distance).toBeCloseTo(49 / 72, 12);
  });

  test("changes only what can be acted on", async () => {
    const actionable = ["contract", "support"];
    const found = await counterfactual(record, { predict, features, actionable });
    expect(found!.changes).toEqual([{ feature: "contract", from: "month", to: "two" }]);
    expect(await counterfactual(record, { predict, features, actionable: ["support"] })).toBeUndefined();
  });

  test("changes several features when one is not enough, and gets under the threshold", async () => {
    const found = await counterfactual(record, {
      predict,
      features,
      threshold: 0.2,
      actionable: ["contract", "support"],
    });
    expect(found).toBeUndefined();
    const three = await counterfactual(record, { predict, features, threshold: 0.12 });
    expect(three!.changes.map(({ feature }) => feature)).toEqual(["tenure", "contract"]);
    expect(predict([three!.record])[0]).toBe(three!.probability);
    expect(three!.probability).toBeLessThan(0.12);
  });

  test("changes nothing of a record that is under the threshold as it is", async () => {
    const found = await counterfactual({ ...record, tenure: 72 }, { predict, features });
    expect(found).toMatchObject({ changes: [], distance: 0, calls: 1 });
  });

  test("leaves out records that make no sense", async () => {
    const isPossible = ({ contract, support }: JsonObject) => contract !== "two" || support === "yes";
    const found = await counterfactual(record, { predict, features, actionable: ["contract", "support"], isPossible });
    expect(found!.changes.map(({ to }) => to)).toEqual(["two", "yes"]);
  });

  test("asks a remote model in batches, never more than it may, and always the same", async () => {
    const sizes: number[] = [];
    const remote = async (records: readonly JsonObject[]) => {
      sizes.push(records.length);
      return predict(records);
    };
    const options = { predict: remote, features, threshold: 0.05, batchSize: 7, maxCalls: 60 };
    const found = await counterfactual(record, options);
    const asked = sizes.reduce((sum, size) => sum + size, 0);
    expect(Math.max(...sizes)).toBe(7);
    expect(asked).toBeLessThanOrEqual(60);
    if (found) expect(found.calls).toBe(asked);
    expect(await counterfactual(record, options)).toEqual(found);
  });

  test("finds the fewest features and the smallest distance that trying everything finds", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: -1.5, max: 1.5, noNaN: true }), { minLength: 10, maxLength: 10 }),
        fc.double({ min: 0.05, max: 0.9, noNaN: true }),
        async (weights, threshold) => {
          const names = ["a", "b", "c", "d", "e"];
          const ranges = Object.fromEntries(names.map((name) => [name, { categories: ["0", "1", "2"] }]));
          const start = Object.fromEntries(names.map((name) => [name, "0"]));
          const weigh = (one: JsonObject) =>
            names.reduce(
              (sum, name, j) => sum + (one[name] === "0" ? 0 : weights[2 * j + Number(one[name]) - 1]!),
              0.3,
            );
          const ask = (records: readonly JsonObject[]) => records.map((one) => sigmoid(weigh(one)));
          const found = await counterfactual(start, { predict: ask, features: ranges, threshold, maxChanges: 5 });
          expect(found?.changes.length).toBe(fewest(names, weigh, threshold));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("finds a pair that only works together", async () => {
    const together = (records: readonly JsonObject[]) =>
      records.map(({ a, b }) => (a === "1" && b === "1" ? 0.1 : 0.9));
    const ranges = { a: { categories: ["0", "1"] }, b: { categories: ["0", "1"] }, c: { categories: ["0", "1"] } };
    const found = await counterfactual({ a: "0", b: "0", c: "0" }, { predict: together, features: ranges });
    expect(found!.record).toEqual({ a: "1", b: "1", c: "0" });
  });

  test("says which feature has no range, no value, and which answer is none", async () => {
    await expect(counterfactual(record, { predict, features, actionable: ["tenur"] })).rejects.toThrow(
      'Cannot search changes of "tenur": found no range of it, expected one of "tenure", "charges"',
    );
    const { support: _, ...lacking } = record;
    await expect(counterfactual(lacking, { predict: () => [0.9], features })).rejects.toThrow(
      'found undefined as "support", expected a category',
    );
    await expect(counterfactual(record, { predict: () => [], features })).rejects.toThrow(
      "found 0 values, expected one",
    );
    await expect(counterfactual(record, { predict: () => [2], features })).rejects.toThrow("expected probabilities");
  });
});

describe("feature ranges", () => {
  test("walk in steps, both ends included", () => {
    expect(valuesFrom({ min: 0, max: 10, step: 1 }, 0, 10, 5)).toEqual([0, 3, 5, 8, 10]);
    expect(valuesFrom({ min: 0, max: 1 }, 1, 0.5, 3)).toEqual([1, 0.75, 0.5]);
    expect(valuesFrom({ min: 0, max: 10, step: 1 }, 3, 4, 9)).toEqual([3, 4]);
  });

  test("measure a change by its share of the range", () => {
    expect(distanceBetween({ min: 0, max: 72 }, 0, 36)).toBe(0.5);
    expect(distanceBetween({ min: 5, max: 5 }, 5, 5)).toBe(0);
    expect(distanceBetween({ categories: ["0", "1"] }, 0, "0")).toBe(0);
    expect(distanceBetween({ categories: ["a", "b"] }, "a", "b")).toBe(1);
  });
});

/** The naive search: every combination of values. */
function fewest(names: readonly string[], weigh: (one: JsonObject) => number, threshold: number): number | undefined {
  const sizes: number[] = [];
  for (let code = 0; code < 3 ** names.length; code++) {
    const one = Object.fromEntries(names.map((name, j) => [name, String(Math.floor(code / 3 ** j) % 3)]));
    if (sigmoid(weigh(one)) < threshold) sizes.push(Object.values(one).filter((value) => value !== "0").length);
  }
  return sizes.length > 0 ? Math.min(...sizes) : undefined;
}
