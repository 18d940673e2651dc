import { describe, expect, test } from "vitest";
import type { ColumnType, JsonValue } from "../../../lib/contract/signature.ts";
import { frameOf } from "../../../lib/frame/frame.ts";
import { inferSignature } from "../../../lib/packaging/infer-signature.ts";
import { compileSignature } from "../../../lib/packaging/signature.ts";
import fc from "../../support/fast-check.ts";

const check = compileSignature({
  inputs: [
    { name: "tenure", type: "long" },
    { name: "charges", type: "double", required: false },
    { name: "contract", type: "string", required: false, categories: ["Monthly", "Yearly"] },
  ],
});

describe("compileSignature", () => {
  test("lets through what fits", () => {
    expect(check({ tenure: 3 })).toBeUndefined();
    expect(check({ tenure: 3, charges: 1.5, contract: "Yearly" })).toBeUndefined();
  });

  test("names an unknown key and the keys there are", () => {
    expect(check({ tenure: 3, tenur: 3 })).toBe(
      'Cannot take the request: found key "tenur", expected "tenure", "charges", "contract"',
    );
    for (const key of ["__proto__", "toString", "constructor"])
      expect(check(JSON.parse(`{"tenure": 1, "${key}": 1}`))).toContain(`found key "${key}"`);
  });

  test("names a required key that is missing, also when the prototype has it", () => {
    expect(check({ charges: 1 })).toBe('Cannot take the request: found no "tenure", expected one');
    expect(check(Object.create({ tenure: 3 }))).toContain('found no "tenure"');
  });

  test("names the key, value and expectation of a wrong type or category", () => {
    expect(check({ tenure: "3" })).toBe('Cannot take the value of "tenure": found "3", expected a whole number');
    expect(check({ tenure: 3, contract: "Weekly" })).toBe(
      'Cannot take the value of "contract": found "Weekly", expected one of "Monthly", "Yearly"',
    );
    expect(check({ tenure: 3, contract: 1 })).toContain("found 1, expected one of");
    expect(check({ tenure: 3, charges: null })).toContain("found null, expected a number");
  });

  test("shortens a long value instead of sending it back", () => {
    expect(check({ tenure: "9".repeat(5000) })!.length).toBeLessThan(150);
  });

  test.each<[ColumnType, readonly JsonValue[], readonly JsonValue[]]>([
    ["boolean", [true, false], [0, "true", null]],
    ["integer", [0, -(2 ** 31), 2 ** 31 - 1], [0.5, 2 ** 31, "1", true]],
    ["long", [0, 2 ** 53 - 1], [0.5, 2 ** 53, "1"]],
    ["float", [0.5, -1e30], ["0.5", null, [1]]],
    ["double", [0.5, 3], ["0.5", {}, true]],
    ["string", ["", "a"], [1, null, ["a"]]],
    [
      "datetime",
      ["2026-01-31", "2026-01-31T12:00:00Z", "2026-01-31 12:00:00.5+02:00"],
      ["31.1.2026", "2026-13-01", 0, "yesterday"],
    ],
  ])("knows a %s", (type, good, bad) => {
    const one = compileSignature({ inputs: [{ name: "x", type }] });
    for (const x of good) expect(one({ x }), String(x)).toBeUndefined();
    for (const x of bad) expect(one({ x }), String(x)).toContain('Cannot take the value of "x"');
  });

  test("never throws, whatever JSON comes", () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (request) => void check(request as never)));
  });
});

describe("inferSignature", () => {
  const rows = [
    { name: "a", tenure: 1, charge: 1.5, active: true, since: new Date(0) },
    { name: "b", tenure: 2, charge: null, active: false, since: new Date(1) },
  ];

  test("tells types from a table, and that a column with nulls may be left out", () => {
    expect(inferSignature(frameOf(rows)).inputs).toEqual([
      { name: "name", type: "string" },
      { name: "tenure", type: "long" },
      { name: "charge", type: "double", required: false },
      { name: "active", type: "boolean" },
      { name: "since", type: "datetime" },
    ]);
  });

  test("lists the values of texts that take few, when asked", () => {
    const { inputs, outputs } = inferSignature(
      { name: ["b", "a", "b"], id: ["x", "y", "z"] },
      { maxCategories: 2, outputs: [{ name: "p", type: "double" }] },
    );
    expect(inputs).toEqual([
      { name: "name", type: "string", categories: ["a", "b"] },
      { name: "id", type: "string" },
    ]);
    expect(outputs).toEqual([{ name: "p", type: "double" }]);
  });
});
