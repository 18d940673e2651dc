import { describe, expect, test } from "vitest";
import { displaySymbol } from "../../../lib/display/mime-bundle.ts";
import { table } from "../../../lib/display/table.ts";
import { frameOf } from "../../../lib/frame/frame.ts";

const textOf = (value: object) => String(value);
const htmlOf = (value: ReturnType<typeof table>) => value[displaySymbol]()["text/html"] as string;

describe("table", () => {
  const customers = frameOf({
    plan: ["a", null, "<b>"],
    fee: [1.23456789, 20, null],
    months: [1, 12, 72],
    since: [new Date("2026-01-31T12:00:00Z"), null, new Date("2026-01-31T12:00:05.250Z")],
  });

  test("shows the first rows, numbers to the right, and says how many there are", () => {
    expect(textOf(table(customers, { rows: 2, title: "Customers" }))).toMatchInlineSnapshot(`
      "Customers
      plan      fee  months  since
      ────  ───────  ──────  ────────────────
      a     1.23457       1  2026-01-31 12:00
      null       20      12  null
      2 of 3 rows"
    `);
  });

  test("escapes every text, types stand under the names, the head stays in view", () => {
    const html = htmlOf(table(frameOf({ '<i>"x': ["<script>alert(1)</script>"] }), { title: "a < b" }));
    expect(html).not.toMatch(/<(script|i)>/);
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(html).toContain("a &lt; b</caption>");
    expect(html).toContain(
      '&lt;i&gt;&quot;x<div style="font-weight:normal;opacity:.6;font-size:.85em">string</div></th>',
    );
    expect(html).toContain("position:sticky;top:0");
    expect(htmlOf(table(customers))).toMatch(/<td style="text-align:right">1\.23457<\/td>/);
    expect(htmlOf(table(customers))).toContain("3 rows");
  });

  test("takes every shape a notebook has at hand", () => {
    const shapes: [object, string][] = [
      [{ fee: [1, 2] }, "fee\n───\n  1\n  2\n2 rows"],
      [{ fee: new Float64Array([0.5]) }, "fee\n───\n0.5\n1 row"],
      [[{ a: 1 }, { b: "x" }], "   a  b\n────  ────\n   1  null\nnull  x\n2 rows"],
      [["default", "sales"], "value\n───────\ndefault\nsales\n2 rows"],
      [{ accuracy: 0.81, name: "churn" }, "name      value\n────────  ─────\naccuracy  0.81\nname      churn\n2 rows"],
      [{ yes: { f1: 0.5 }, no: { f1: 1 } }, "name   f1\n────  ───\nyes   0.5\nno      1\n2 rows"],
      [{ tenure: "long" }, "name    value\n──────  ─────\ntenure  long\n1 row"],
      [[], "value\n─────\n0 rows"],
    ];
    for (const [data, text] of shapes) expect(textOf(table(data))).toBe(text);
  });

  test("cuts long text in the plain form, keeps it whole and wrapping in HTML", () => {
    const long = "word ".repeat(30).trim();
    expect(textOf(table([{ note: long }])).split("\n")[2]).toHaveLength(40);
    expect(htmlOf(table([{ note: long }]))).toContain(`white-space:normal;min-width:24em">${long}</td>`);
  });

  test("shows nested values as JSON and does not fail on odd ones", () => {
    const odd = frameOf({ v: [[1, 2], { k: 1n }, new Date(Number.NaN), Number.NaN, new Float32Array([0.5])] });
    expect(textOf(table(odd)).split("\n").slice(2, 7)).toEqual(["[1,2]", '{"k":"1"}', "invalid date", "NaN", "[0.5]"]);
  });
});
