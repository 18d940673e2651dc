import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../lib/contract/signature.ts";
import { partialDependence } from "../../../lib/explain/partial-dependence.ts";

const rows = Array.from({ length: 40 }, (_, i) => ({ size: i, kind: i % 2 ? "b" : "a" }));
const predict = (records: readonly JsonObject[]) =>
  records.map(({ size, kind }) => Math.min(1, Number(size) / 100 + (kind === "b" ? 0.5 : 0)));

describe("partialDependence", () => {
  test("averages the model over the rows, the feature alone moved", async () => {
    const { values, mean, calls } = await partialDependence(rows, { predict, feature: "size", values: [0, 10, 40] });
    expect(values).toEqual([0, 10, 40]);
    expect(mean.map((value) => value.toFixed(6))).toEqual(["0.250000", "0.350000", "0.650000"]);
    expect(calls).toBe(120);
  });

  test("keeps each row's own curve when asked to; their mean is the average", async () => {
    const { mean, ice } = await partialDependence(rows, { predict, feature: "size", ice: true, points: 5 });
    expect(ice).toHaveLength(40);
    for (const [v, value] of mean.entries()) {
      expect(ice!.reduce((sum, curve) => sum + curve[v]!, 0) / 40).toBeCloseTo(value, 12);
    }
  });

  test("tries the categories that the rows have, and a range's own values", async () => {
    expect((await partialDependence(rows, { predict, feature: "kind" })).values).toEqual(["a", "b"]);
    const range = { min: 0, max: 40, step: 10 };
    const { values } = await partialDependence(rows, { predict, feature: "size", values: range, points: 5 });
    expect(values).toEqual([0, 10, 20, 30, 40]);
  });

  test("leaves out what few rows have of a number, in whole steps where the rows have whole numbers", async () => {
    const { values } = await partialDependence(rows, { predict, feature: "size", points: 4 });
    expect(values).toEqual([2, 14, 25, 37]);
  });

  test("is a what-if curve for a single record", async () => {
    const options = { predict, feature: "kind", values: { categories: ["a", "b"] } };
    expect((await partialDependence([{ size: 10, kind: "a" }], options)).mean).toEqual([0.1, 0.6]);
  });

  test("says what is missing", async () => {
    await expect(partialDependence([], { predict, feature: "size" })).rejects.toThrow("found no records");
    await expect(partialDependence([{ kind: "a" }], { predict, feature: "size" })).rejects.toThrow(
      'found no "size" in record 0',
    );
  });
});
