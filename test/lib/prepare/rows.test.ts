import { describe, expect, test } from "vitest";
import { columnOf, rowsOf } from "../../../lib/frame/columns.ts";
import { frameOf } from "../../../lib/frame/frame.ts";
import { binaryLabels } from "../../../lib/prepare/binary-labels.ts";
import { dropNulls, rowsAt } from "../../../lib/prepare/drop-nulls.ts";
import { sampleRows } from "../../../lib/prepare/sample-rows.ts";

const columns = { name: ["a", null, "c", "d"], total: [1, 2, Number.NaN, 4], churn: ["No", "No", "Yes", "Yes"] };
const frame = frameOf(columns.churn.map((churn, i) => ({ name: columns.name[i]!, total: columns.total[i]!, churn })));

describe("sampleRows", () => {
  test("draws a share of the rows by a seed, in their order", () => {
    const table = { n: Array.from({ length: 200 }, (_, i) => i) };
    const { n } = sampleRows(table, { fraction: 0.5, seed: 83 });
    expect(n).toHaveLength(100);
    expect([...n]).toEqual([...new Set(n)].sort((a, b) => a - b));
    expect(sampleRows(table, { fraction: 0.5, seed: 83 })).toEqual({ n });
    expect(sampleRows(table, { fraction: 0.5, seed: 84 })).not.toEqual({ n });
    expect(() => sampleRows(table, { fraction: 2 })).toThrow("Cannot sample rows: found fraction 2");
  });
});

describe("dropNulls", () => {
  test("leaves out rows with a null or NaN anywhere", () => {
    expect(dropNulls(columns)).toEqual({ name: ["a", "d"], total: [1, 4], churn: ["No", "Yes"] });
  });

  test("looks only at the named columns", () => {
    expect(dropNulls(columns, { columns: ["total"] }).name).toEqual(["a", null, "d"]);
    expect(() => dropNulls(columns, { columns: ["totl"] })).toThrow('Cannot read column "totl"');
  });

  test("gives an arquero table for an arquero table", () => {
    const kept = dropNulls(frame);
    expect(kept.numRows()).toBe(2);
    expect([...(kept.array("name") as string[])]).toEqual(["a", "d"]);
  });

  test("counts rows as a filtered and sorted table shows them", () => {
    const shown = frame
      .filter((row: { churn: string }) => row.churn === "Yes")
      .orderby("name")
      .reify();
    const lazily = frame.filter((row: { churn: string }) => row.churn === "Yes").orderby("name");
    expect([...(dropNulls(lazily).array("name") as string[])]).toEqual([
      ...(dropNulls(shown).array("name") as string[]),
    ]);
    expect([...(rowsAt(lazily, [1, 0]).array("name") as string[])]).toEqual(["d", "c"]);
  });

  test("takes rows in the order asked for, and refuses one that is not there", () => {
    expect(columnOf(rowsAt(columns, [3, 0]), "churn")).toEqual(["Yes", "No"]);
    expect(rowsOf(rowsAt(columns, []))).toBe(0);
    expect(() => rowsAt(columns, [4])).toThrow("Cannot take row 4: expected a position under 4");
  });
});

describe("binaryLabels", () => {
  test("is 1 where the column holds the positive value", () => {
    expect(binaryLabels(columns, "churn", { positive: "Yes" })).toEqual(Float64Array.of(0, 0, 1, 1));
    expect(binaryLabels(frame, "churn", { positive: "No" })).toEqual(Float64Array.of(1, 1, 0, 0));
  });

  test("refuses a missing value, a third one, and a positive that never occurs", () => {
    expect(() => binaryLabels(columns, "name", { positive: "a" })).toThrow('by "name": found no value in row 1');
    expect(() => binaryLabels(columns, "churn", { positive: "yes" })).toThrow(
      'found "No", "Yes", expected "yes" among them',
    );
    expect(() => binaryLabels({ x: [1, 2, 3] }, "x", { positive: 1 })).toThrow("expected two values");
  });
});
