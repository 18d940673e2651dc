// The small pure parts of the room.

import { describe, expect, test } from "vitest";
import { placeInNotebook } from "../../../server/deployments/error-place.ts";
import { perTick } from "../../../server/deployments/per-tick.ts";
import { createRouteTable, pick } from "../../../server/deployments/route-table.ts";
import { timeOrderedUuid } from "../../../server/storage/time-ordered-uuid.ts";
import fc from "../../support/fast-check.ts";

describe("timeOrderedUuid", () => {
  test("gives version 7 uuids that sort as they were made, within a millisecond and when the clock goes back", () => {
    const start = 4e12; // later than any other test's
    const times = [start, start, ...Array<number>(5000).fill(start + 1), start - 1000, start + 2, start + 9];
    const made = times.map((now) => timeOrderedUuid(now));
    expect(made).toEqual([...made].sort());
    expect(new Set(made).size).toBe(made.length);
    for (const uuid of made)
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(made[0]!.replace(/-/g, "").slice(0, 12), 16)).toBe(start);
  });
});

describe("placeInNotebook", () => {
  const manifest = {
    notebookPath: "notebooks/5_model_serve.ipynb",
    lines: [
      { cell: "load", position: 3, firstLine: 1, lineCount: 2 },
      { cell: "explain", position: 5, firstLine: 3, lineCount: 4 },
    ],
  };

  test("finds the innermost line that is a cell's", () => {
    const stack = `Error: boom
    at check (/home/builds/ab/node_modules/lib/cells.js:9:1)
    at Object.explain (/home/builds/ab/cells.ts:5:11)
    at load (/home/builds/ab/cells.ts:1:1)`;
    expect(placeInNotebook(stack, manifest)).toEqual({
      cell: "cell 5 (explain)",
      line: 3,
      place: "5_model_serve.ipynb, cell 5 (explain), line 3",
    });
  });

  test("knows no place outside the cells", () => {
    expect(placeInNotebook("Error: boom\n at node:internal/x:1:1", manifest)).toBeUndefined();
    expect(placeInNotebook("Error\n at /cells.ts:99:1", manifest)).toBeUndefined();
  });
});

describe("pick", () => {
  test("gives each deployment its share", () => {
    const two = [
      { id: "a", weight: 9 },
      { id: "b", weight: 1 },
    ];
    expect([0, 0.5, 0.89, 0.91, 0.999].map((share) => pick(two, share)?.id)).toEqual(["a", "a", "a", "b", "b"]);
    expect(pick([], 0.5)).toBeUndefined();
  });

  test("never gives one without weight while another has some", () => {
    const weights = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 0.999999, noNaN: true }), (all, share) => {
        fc.pre(all.some((weight) => weight > 0));
        return (
          pick(
            all.map((weight) => ({ weight })),
            share,
          )!.weight > 0
        );
      }),
    );
  });
});

test("the route table knows a model without a deployment from no model", () => {
  const table = createRouteTable();
  table.set({ accessKey: "m1", modelName: "bare", modelCrn: "crn", deployments: [] });
  expect(table.find("m1")).toMatchObject({ modelName: "bare", deployment: undefined });
  expect(table.find("m2")).toBeUndefined();
  table.retain(new Set(["m2"]));
  expect(table.find("m1")).toBeUndefined();
});

test("perTick hands over what one turn gathered, in order", async () => {
  const batches: number[][] = [];
  const add = perTick<number>((batch) => batches.push(batch));
  add(1);
  add(2);
  await new Promise((resolve) => setImmediate(resolve));
  add(3);
  await new Promise((resolve) => setImmediate(resolve));
  expect(batches).toEqual([[1, 2], [3]]);
});
