import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readArrow, writeArrow } from "../../../lib/data/arrow-file.ts";
import { withDuckdb } from "../../../lib/data/engines/duckdb/connection.ts";
import { queryFrame } from "../../../lib/data/engines/duckdb/query-frame.ts";
import { readJson, writeJson } from "../../../lib/data/json-file.ts";
import { readParquet, writeParquet } from "../../../lib/data/parquet-file.ts";
import { csvText, writeCsv } from "../../../lib/data/write-csv.ts";
import { schemaOf, type TableSchema } from "../../../lib/frame/field-type.ts";
import { frameOf, rowObjectsOf } from "../../../lib/frame/frame.ts";
import { temporaryFolder } from "../../support/cli.ts";
import fc from "../../support/fast-check.ts";

fc.configureGlobal({ seed: 7 });

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const at = (name: string) => join(folder.path, name);

const types: TableSchema = {
  name: "string",
  share: "double",
  count: "long",
  left: "boolean",
  when: "timestamp",
  day: "date",
};
const row = fc.record({
  name: fc.option(fc.string({ unit: "grapheme" })),
  share: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0)),
  count: fc.option(fc.maxSafeInteger()),
  left: fc.option(fc.boolean()),
  when: fc.option(fc.date({ noInvalidDate: true, min: new Date("1900-01-01"), max: new Date("2200-01-01") })),
  day: fc.option(fc.integer({ min: -20_000, max: 60_000 }).map((days) => new Date(days * 86_400_000))),
});
const tables = fc.array(row, { maxLength: 10 }).map((rows) => ({
  rows: rows.map((one) => ({ ...one })),
  frame: frameOf(Object.fromEntries(Object.keys(types).map((name) => [name, rows.map((one) => one[name as "name"])])), {
    types,
  }),
}));

describe("files", () => {
  test.each([
    ["rows.parquet", writeParquet, (path: string) => readParquet(path)],
    ["rows.arrow", writeArrow, (path: string) => readArrow(path)],
    ["rows.json", writeJson, (path: string) => readJson(path, { schema: types })],
    ["rows.ndjson", writeJson, (path: string) => readJson(path, { schema: types })],
  ] as const)("%s gives back the values and types that were written", async (name, write, read) => {
    await fc.assert(
      fc.asyncProperty(tables, async ({ rows, frame }) => {
        expect(await write(at(name), frame)).toBe(at(name));
        const found = await read(at(name));
        expect(rowObjectsOf(found)).toEqual(rows);
        expect(schemaOf(found)).toEqual(types);
      }),
      { numRuns: 25 },
    );
  });

  test("readParquet takes chosen columns in their order", async () => {
    await writeParquet(at("two.parquet"), { a: [1], b: ["x"] });
    expect((await readParquet(at("two.parquet"), { columns: ["b", "a"] })).columnNames()).toEqual(["b", "a"]);
    await expect(readParquet(at("two.parquet"), { columns: ["c"] })).rejects.toThrow(
      /^Cannot read ".*two.parquet": found .*"?c/,
    );
  });

  test("readJson takes keys as they occur, and names the line that is none", async () => {
    writeFileSync(at("loose.ndjson"), '{"a": 1}\n\n{"b": "x"}\n');
    expect(rowObjectsOf(await readJson(at("loose.ndjson")))).toEqual([
      { a: 1, b: null },
      { a: null, b: "x" },
    ]);
    writeFileSync(at("loose.ndjson"), '{"a": 1}\n{"a": \n');
    await expect(readJson(at("loose.ndjson"))).rejects.toThrow(/line 2: found no JSON/);
    writeFileSync(at("loose.json"), '[{"a": 1}, 2]');
    await expect(readJson(at("loose.json"))).rejects.toThrow("row 1: found number, expected an object");
    writeFileSync(at("loose.json"), '[{"a": "yesterday"}]');
    await expect(readJson(at("loose.json"), { schema: { a: "timestamp" } })).rejects.toThrow(
      'found "yesterday" in row 0',
    );
  });

  test("a file of another kind is refused by name", async () => {
    writeFileSync(at("text.txt"), "no table at all, but some text that is longer than a header");
    await expect(readParquet(at("text.txt"))).rejects.toThrow(
      /^Cannot read ".*text.txt": found .*, expected a Parquet file$/,
    );
    await expect(readArrow(at("text.txt"))).rejects.toThrow(
      /^Cannot read ".*text.txt": found .*Arrow IPC file or stream$/,
    );
    await expect(readJson(at("nowhere.json"))).rejects.toThrow("found no such file, expected a JSON file");
  });

  test("a write that fails leaves the old file and no draft", async () => {
    await writeParquet(at("kept.parquet"), { a: [1] });
    const before = readFileSync(at("kept.parquet"));
    await expect(writeParquet(at("kept.parquet"), { a: ["x"] }, { schema: { a: "long" } })).rejects.toThrow("as long");
    expect(readFileSync(at("kept.parquet")).equals(before)).toBe(true);
    expect(readdirSync(folder.path).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("csvText writes CRLF, the text for null and quotes only where needed", () => {
    expect(csvText({ a: [1.5, null], b: ["x, y", ""], c: [" ", 'q"'] }, { nullText: " " })).toBe(
      'a,b,c\r\n1.5,"x, y"," "\r\n ,"","q"""\r\n',
    );
    expect(csvText({ d: [new Date(0)] }, { lineEnd: "\n" })).toBe("d\n1970-01-01T00:00:00.000Z\n");
  });

  test("writeCsv makes the folders on the way", async () => {
    await writeCsv(at("new/deep/rows.csv"), { a: [1] });
    expect(existsSync(at("new/deep/rows.csv"))).toBe(true);
  });
});

describe("queryFrame", () => {
  test("turns SQL's types into those a frame has", async () => {
    const frame = await withDuckdb((connection) =>
      queryFrame(
        connection,
        `SELECT 1.25::DECIMAL(10, 2) AS decimal, 7::TINYINT AS tiny, 3000000000::UINTEGER AS wide, 170141183460469231731::HUGEINT AS huge,
          'a'::ENUM('a', 'b') AS level, uuid '00000000-0000-0000-0000-000000000001' AS id, TIME '12:30:00' AS clock,
          TIMESTAMPTZ '2026-01-31 12:00:00+02' AS zoned, TIMESTAMP_S '2026-01-31 12:00:00' AS seconds, [1, 2] AS list, {'k': 1} AS struct`,
      ),
    );
    expect(
      schemaOf(frame.select("decimal", "tiny", "wide", "huge", "level", "id", "clock", "zoned", "seconds")),
    ).toEqual({
      decimal: "double",
      tiny: "integer",
      wide: "long",
      huge: "double",
      level: "string",
      id: "string",
      clock: "string",
      zoned: "timestamp",
      seconds: "timestamp",
    });
    expect(frame.object()).toMatchObject({
      decimal: 1.25,
      wide: 3_000_000_000,
      clock: "12:30:00",
      zoned: new Date("2026-01-31T10:00:00Z"),
      struct: { k: 1 },
    });
    expect(Array.from(frame.get("list") as number[])).toEqual([1, 2]);
  });

  test("a whole number beyond 2^53 is an error at once, not when it is looked at", async () => {
    const asked = withDuckdb((connection) => queryFrame(connection, "SELECT 9007199254740993 AS id"));
    await expect(asked).rejects.toThrow(
      'Cannot read column "id": found the whole number 9007199254740993, expected none beyond 2^53 − 1',
    );
  });
});
