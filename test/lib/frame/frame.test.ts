import { expect, describe as suite, test } from "vitest";
import { desc, op } from "../../../lib/frame/arquero.ts";
import { fromArrow, toArrow } from "../../../lib/frame/arrow.ts";
import { columnsOf } from "../../../lib/frame/columns.ts";
import { describe } from "../../../lib/frame/describe.ts";
import { schemaOf, type TableSchema } from "../../../lib/frame/field-type.ts";
import { frameOf, head, rowObjectsOf } from "../../../lib/frame/frame.ts";
import fc from "../../support/fast-check.ts";

fc.configureGlobal({ seed: 7 });

const types: TableSchema = {
  name: "string",
  share: "double",
  half: "float",
  count: "long",
  small: "integer",
  left: "boolean",
  at: "timestamp",
  day: "date",
};

const row = fc.record({
  name: fc.option(fc.string({ unit: "binary" })),
  share: fc.option(fc.double({ noNaN: false })),
  half: fc.option(fc.float({ noNaN: true })),
  count: fc.option(fc.maxSafeInteger()),
  small: fc.option(fc.integer()),
  left: fc.option(fc.boolean()),
  at: fc.option(fc.date({ noInvalidDate: true, min: new Date(-1e13), max: new Date(1e13) })),
  day: fc.option(fc.integer({ min: -1e5, max: 1e5 }).map((days) => new Date(days * 86_400_000))),
});

suite("frameOf", () => {
  test("takes columns and rows, where a missing key is null", () => {
    const rows = frameOf([{ a: 1 }, { a: 2, b: "x" }]);
    expect(rowObjectsOf(rows)).toEqual([
      { a: 1, b: null },
      { a: 2, b: "x" },
    ]);
    expect(rowObjectsOf(frameOf({ a: [1, 2], b: [null, "x"] }))).toEqual(rowObjectsOf(rows));
    expect(() => frameOf({ a: [1], b: [] })).toThrow('found 0 rows in "b", expected 1 as in "a"');
  });

  test("keeps types and order that are given", () => {
    const frame = frameOf({ b: [1, 2], a: ["x", null] }, { types: { a: "string", b: "double" } });
    expect(frame.columnNames()).toEqual(["a", "b"]);
    expect(schemaOf(frame)).toEqual({ a: "string", b: "double" });
  });

  test("names the value that does not fit its type", () => {
    const wrong = (value: unknown, type: TableSchema[string]) => () =>
      frameOf({ c: [null, value] }, { types: { c: type } });
    expect(wrong("a", "double")).toThrow('Cannot store column "c" as double: found "a" in row 1, expected numbers');
    expect(wrong(1.5, "long")).toThrow("expected whole numbers up to 2^53 − 1");
    expect(wrong(2 ** 53, "long")).toThrow("as long");
    expect(wrong(2 ** 31, "integer")).toThrow("whole numbers of 32 bits");
    expect(wrong(new Date(Number.NaN), "timestamp")).toThrow("expected dates");
    expect(wrong(1, "string")).toThrow("expected text");
    expect(() => frameOf({ a: [1] }, { types: { b: "long" } })).toThrow('"a" is in one alone');
    expect(() => frameOf({ a: [1] }, { types: { a: "int" as never } })).toThrow('found type "int" of column "a"');
  });

  test("has arquero's verbs, and columns that follow filter and order", () => {
    const frame = frameOf({ plan: ["a", "b", "a"], fee: [1, 5, 3] });
    const cheap = frame.filter((d: { fee: number }) => d.fee < 4).orderby(desc("fee"));
    expect(columnsOf(cheap)).toEqual({ plan: ["a", "a"], fee: [3, 1] });
    expect(
      frame
        .groupby("plan")
        .rollup({ fee: op.mean("fee") })
        .objects(),
    ).toEqual([
      { plan: "a", fee: 2 },
      { plan: "b", fee: 5 },
    ]);
    expect(head(frame, 2).numRows()).toBe(2);
    expect(head({ fee: [1, 2, 3] }, 1).numRows()).toBe(1);
  });
});

suite("schemaOf", () => {
  test("tells types by storage, else by values", () => {
    const frame = frameOf({
      d: new Float64Array([1, 2]),
      i: new Int32Array(2),
      whole: [1, null],
      broken: [1, 2.5],
      b: [true, null],
      t: [new Date(0), null],
      none: [null, undefined],
    });
    expect(schemaOf(frame)).toEqual({
      d: "double",
      i: "integer",
      whole: "long",
      broken: "double",
      b: "boolean",
      t: "timestamp",
      none: "string",
    });
    expect(() => schemaOf({ mixed: [1, "a"] })).toThrow('Cannot tell the type of column "mixed": found mixed values');
  });
});

suite("Arrow", () => {
  test.each(["stream", "file"] as const)("a frame comes back from %s bytes as it was", (format) => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        const columns = Object.fromEntries(
          Object.keys(types).map((name) => [name, rows.map((r) => r[name as "name"])]),
        );
        const frame = fromArrow(toArrow(frameOf(columns, { types }), { format }));
        expect(schemaOf(frame)).toEqual(types);
        expect(rowObjectsOf(frame)).toEqual(rows.map((one) => ({ ...one })));
      }),
      { numRuns: 50 },
    );
  });

  test("text is plain, not codes of a dictionary", () => {
    const [field] = Object.values(schemaOf(fromArrow(toArrow({ plan: ["a", "a", "b"] }))));
    expect(field).toBe("string");
  });
});

suite("describe", () => {
  test("counts, spreads numbers as numpy does, and finds the most frequent text", () => {
    const frame = frameOf({ fee: [1, 2, 3, 4, null, Number.NaN], plan: ["a", "b", "b", null, "b", "a"] });
    expect(describe(frame).objects()).toEqual([
      {
        column: "fee",
        type: "double",
        count: 4,
        nulls: 2,
        distinct: 4,
        mean: 2.5,
        sd: expect.closeTo(1.2909944487358056, 12),
        min: 1,
        q25: 1.75,
        median: 2.5,
        q75: 3.25,
        max: 4,
        top: null,
        topCount: null,
      },
      expect.objectContaining({
        column: "plan",
        type: "string",
        count: 5,
        nulls: 1,
        distinct: 2,
        top: "b",
        topCount: 3,
        mean: null,
      }),
    ]);
  });

  test("takes empty columns and dates", () => {
    const [none, when] = describe({ none: [null, null], when: [new Date(5), new Date(3)] }).objects() as Record<
      string,
      unknown
    >[];
    expect(none).toMatchObject({ count: 0, nulls: 2, distinct: 0, mean: null });
    expect(when).toMatchObject({ type: "timestamp", count: 2, distinct: 2, min: new Date(3), max: new Date(5) });
  });
});
