import { tableFromArrays } from "@uwdata/flechette";
import { table as arqueroTable, desc } from "arquero";
import { describe, expect, test } from "vitest";
import { type MimeBundle, toBundle } from "../../../kernel/evaluator/values.ts";

const bundle = (value: unknown) => toBundle(value) as MimeBundle;
const html = (value: unknown) => bundle(value)["text/html"] as string | undefined;
const text = (value: unknown) => bundle(value)["text/plain"] as string;

describe("an array of objects", () => {
  test("is a table with every column that a row has, escaped, numbers to the right", () => {
    const rows = [
      { name: "<b>", n: 1 },
      { name: "b", extra: [1, { a: null }] },
    ];
    expect(html(rows)).toBe(
      '<p>Array: 2 rows × 3 columns</p><table class="dataframe"><thead><tr><th scope="col"></th><th scope="col">name</th>' +
        '<th scope="col">n</th><th scope="col">extra</th></tr></thead><tbody>' +
        '<tr><th scope="row">0</th><td style="text-align: left">&lt;b&gt;</td><td style="text-align: right">1</td><td style="text-align: left"></td></tr>' +
        '<tr><th scope="row">1</th><td style="text-align: left">b</td><td style="text-align: left"></td><td style="text-align: left">[ 1, { a: null } ]</td></tr>' +
        "</tbody></table>",
    );
    expect(text(rows)).toBe("[\n  { name: '<b>', n: 1 },\n  { name: 'b', extra: [ 1, { a: null } ] }\n]");
  });

  test("shows twenty rows, folds more away and counts the rest", () => {
    const shown = html(Array.from({ length: 1_000_000 }, (_, i) => ({ i })))!;
    expect(shown.match(/<tr>/g)).toHaveLength(202);
    expect(shown).toContain("<summary>180 more rows</summary>");
    expect(shown).toContain("<p>999,800 further rows not shown</p>");
  });

  test("calls no getter, and is none when its elements are of another kind", () => {
    const getter = Object.defineProperty({}, "g", { enumerable: true, get: () => expect.unreachable() });
    expect(html([getter])).toContain("[Getter]");
    expect(html([{ a: 1 }, 2])).toBeUndefined();
    expect(html([new Date(0)])).toBeUndefined();
    expect(html([])).toBeUndefined();
  });
});

describe("tables of libraries", () => {
  const columns = { city: ["Bern", "Zürich"], people: [134, 443] };
  const expected = ["   city    people", "0  Bern       134", "1  Zürich     443", "TYPE: 2 rows × 2 columns"].join(
    "\n",
  );

  test("of arquero and Arrow are tables, in the order they have", () => {
    expect(text(arqueroTable(columns))).toBe(expected.replace("TYPE", "ColumnTable"));
    expect(text(arqueroTable(columns).orderby(desc("people")))).toContain("0  Zürich     443");
    expect(text(tableFromArrays(columns))).toBe(expected.replace("TYPE", "Table"));
    expect(html(tableFromArrays(columns))).toContain("<td");
  });

  test("of danfo are tables, a series too", async () => {
    const { DataFrame, Series } = (await import("danfojs-node")).default;
    expect(text(new DataFrame(columns, { index: ["a", "b"] }))).toContain("a  Bern       134");
    expect(text(new Series([5, 6]))).toContain("1  6\nSeries: 2 rows × 1 column");
  });

  test("that only look like one are shown as text", () => {
    const trap = { numRows: () => 3, columnNames: () => ["a"], get: () => expect.fail("asked") };
    expect(bundle(trap)).toEqual({ "text/plain": expect.stringContaining("numRows: [Function: numRows]") });
  });
});

describe("bytes", () => {
  const png = Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  );
  test.each<[string, Uint8Array, string, string]>([
    ["PNG", png, "image/png", "PNG image, 1 × 1, 70 bytes"],
    ["JPEG", new Uint8Array([255, 216, 255, 224, 0, 0, 0, 0]), "image/jpeg", "JPEG image, 8 bytes"],
    ["GIF", Buffer.from("GIF89a\x02\x00\x03\x00\x00"), "image/gif", "GIF image, 2 × 3, 11 bytes"],
    ["WebP", Buffer.from("RIFF\0\0\0\0WEBPVP8 "), "image/webp", "WebP image, 16 bytes"],
  ])("of a %s are a picture", (_, bytes, mime, words) => {
    expect(bundle(bytes)).toEqual({ [mime]: bytes, "text/plain": words });
  });

  test("of an SVG are a picture as text; other bytes are bytes, text is text", () => {
    const svg = '<?xml version="1.0"?>\n<!-- a -->\n<svg xmlns="http://www.w3.org/2000/svg"/>';
    expect(bundle(Buffer.from(svg))["image/svg+xml"]).toBe(svg);
    expect(bundle(Buffer.from("<p>no svg</p>"))).toEqual({ "text/plain": expect.stringContaining("<Buffer 3c") });
    expect(bundle(svg)).toEqual({ "text/plain": expect.stringContaining("<svg") });
  });
});

describe("text", () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;
  class Point {
    x = 1;
    #y = 2;
    get y() {
      return this.#y;
    }
  }
  test.each<[unknown, string]>([
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [new Map([["a", { b: 1 }]]), "Map(1) { 'a' => { b: 1 } }"],
    [new Set([1]), "Set(1) { 1 }"],
    [new Float64Array(2), "Float64Array(2) [ 0, 0 ]"],
    [Promise.resolve(1), "Promise { 1 }"],
    [function add() {}, "[Function: add]"],
    [Point, "[class Point]"],
    [new Point(), "Point { x: 1 }"],
    [circular, "<ref *1> { self: [Circular *1] }"],
    [Symbol("s"), "Symbol(s)"],
    [10n, "10n"],
    [Object.create(null, { a: { value: 1, enumerable: true } }), "[Object: null prototype] { a: 1 }"],
  ])("of a value of this kind says what it is: %#", (value, expected) => {
    expect(bundle(value)).toEqual({ "text/plain": expected });
  });

  test("of an error has its cause", () => {
    expect(text(new Error("outer", { cause: new RangeError("inner") }))).toMatch(
      /outer[\s\S]*\[cause\]: RangeError: inner/,
    );
  });

  test("that is long is folded: what it is, its first lines, and how many more", () => {
    const long = new Map(Array.from({ length: 90 }, (_, i) => [`key <${i}>`, { i }]));
    expect(html(long)).toMatch(
      /^<p>Map: 90 entries<\/p><pre>Map\(90\) \{\n[\s\S]*key &lt;0&gt;[\s\S]*<\/pre><details><summary>80 more lines<\/summary><pre>/,
    );
  });

  test("of huge, wide and deep values is short and quick", () => {
    const deep = (depth: number): unknown => (depth === 0 ? 1 : Array.from({ length: 60 }, () => deep(depth - 1)));
    const values = [
      Array.from({ length: 1_000_000 }, (_, i) => i),
      new Float64Array(1_000_000),
      new Map(Array.from({ length: 200_000 }, (_, i) => [i, { i }])),
      Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`key${i}`, { i }])),
      deep(4),
      { wide: Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`key${i}`, i])) },
    ];
    bundle(values[0]); // warm
    for (const value of values) {
      const started = performance.now();
      const made = JSON.stringify(bundle(value));
      expect(performance.now() - started).toBeLessThan(2000); // tens of milliseconds at most; the rest is for loaded machines
      expect(made.length).toBeLessThan(400_000);
    }
  });
});
