import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { rowsOfQuery, withDuckdb } from "../../../../lib/data/engines/duckdb/connection.ts";
import { describeTable, listSnapshots } from "../../../../lib/data/warehouse/describe-table.ts";
import { listDatabases, listTables } from "../../../../lib/data/warehouse/list-tables.ts";
import { readTable } from "../../../../lib/data/warehouse/read-table.ts";
import { writeTable } from "../../../../lib/data/warehouse/write-table.ts";
import { schemaOf } from "../../../../lib/frame/field-type.ts";
import { frameOf, rowObjectsOf } from "../../../../lib/frame/frame.ts";
import { temporaryFolder } from "../../../support/cli.ts";
import fc from "../../../support/fast-check.ts";

fc.configureGlobal({ seed: 7 });

let home: ReturnType<typeof temporaryFolder>;
const before = process.env["CELLWRIGHT_WAREHOUSE"];

beforeEach(() => {
  home = temporaryFolder();
  process.env["CELLWRIGHT_WAREHOUSE"] = home.path;
});
afterEach(() => {
  if (before === undefined) delete process.env["CELLWRIGHT_WAREHOUSE"];
  else process.env["CELLWRIGHT_WAREHOUSE"] = before;
  home[Symbol.dispose]();
});

const fees = (...values: (number | null)[]) => frameOf({ plan: values.map((_, i) => `p${i}`), fee: values });
const rowsOfTable = async (name: string, options = {}) => rowObjectsOf(await readTable(name, options));

describe("writeTable", () => {
  test("create, append and overwrite make snapshots that all stay readable", async () => {
    const first = await writeTable("sales.fees", fees(1.5, 2));
    const second = await writeTable("sales.fees", fees(3), { mode: "append" });
    const third = await writeTable("sales.fees", fees(9.5), { mode: "overwrite" });
    expect([first.rows, second.rows, third.rows]).toEqual([2, 3, 1]);
    const feesAt = async (snapshot?: string) =>
      (await rowsOfTable("sales.fees", { snapshot })).map((row) => row["fee"]);
    expect(await feesAt()).toEqual([9.5]);
    expect(await feesAt(first.snapshot)).toEqual([1.5, 2]);
    expect(await feesAt(second.snapshot)).toEqual([1.5, 2, 3]);
    expect(
      (await listSnapshots("sales.fees")).map(({ snapshot, operation, rows, addedRows, current }) => [
        snapshot,
        operation,
        rows,
        addedRows,
        current,
      ]),
    ).toEqual([
      [third.snapshot, "overwrite", 1, 1, true],
      [second.snapshot, "append", 3, 1, false],
      [first.snapshot, "create", 2, 2, false],
    ]);
    expect(first.snapshot).toMatch(/^\d{1,19}$/);
    expect(BigInt(first.snapshot) < 2n ** 63n).toBe(true);
  });

  test("create refuses a table that is there; append and overwrite make one that is not", async () => {
    await writeTable("fees", fees(1), { mode: "append" });
    await writeTable("other", fees(1), { mode: "overwrite" });
    await expect(writeTable("default.fees", fees(2))).rejects.toThrow(
      'Cannot create table default.fees: found one with this name, expected a new name, or mode "append" or "overwrite"',
    );
    expect(await rowsOfTable("fees")).toHaveLength(1);
  });

  test("append keeps the table's types and refuses what does not fit them", async () => {
    await writeTable("fees", fees(1.5));
    await writeTable("fees", fees(20), { mode: "append" });
    expect(schemaOf(await readTable("fees"))).toEqual({ plan: "string", fee: "double" });
    const append = (columns: object) => writeTable("fees", frameOf(columns as never), { mode: "append" });
    await expect(append({ plan: ["a"] })).rejects.toThrow(
      'Cannot write table default.fees: found no "fee" in the frame, expected the columns of the table',
    );
    await expect(append({ plan: ["a"], fee: [1], age: [2] })).rejects.toThrow('found unexpected "age" in the frame');
    await expect(append({ plan: ["a"], fee: ["free"] })).rejects.toThrow(
      'Cannot store column "fee" as double: found "free" in row 0, expected numbers',
    );
    await expect(
      writeTable("fees", fees(1), { mode: "append", schema: { plan: "string", fee: "long" } }),
    ).rejects.toThrow(
      'Cannot append to table default.fees: found column "fee" as long, expected double as in the table',
    );
    expect((await listSnapshots("fees")).length).toBe(2);
    expect(readdirSync(join(home.path, "default/fees/data"))).toHaveLength(2);
  });

  test("overwrite may change the columns; a column that comes back has its field id again, a new type a new one", async () => {
    const first = await writeTable("fees", frameOf({ plan: ["a"], fee: [1.5] }));
    await writeTable("fees", frameOf({ plan: ["a"], fee: ["free"] }), { mode: "overwrite" });
    await writeTable("fees", frameOf({ fee: [2.5], plan: ["b"] }), { mode: "overwrite" });
    expect((await describeTable("fees")).columns).toEqual([
      { id: 2, name: "fee", type: "double" },
      { id: 1, name: "plan", type: "string" },
    ]);
    expect(await rowsOfTable("fees", { snapshot: first.snapshot })).toEqual([{ plan: "a", fee: 1.5 }]);
  });

  test("data files carry the columns' field ids", async () => {
    await writeTable("fees", fees(1));
    const data = join(home.path, "default/fees/data");
    const schema = await withDuckdb((connection) =>
      rowsOfQuery(
        connection,
        `SELECT name, field_id FROM parquet_schema('${join(data, readdirSync(data)[0]!)}') WHERE type IS NOT NULL`,
      ),
    );
    expect(schema.map(({ name, field_id }) => [name, Number(field_id)])).toEqual([
      ["plan", 1],
      ["fee", 2],
    ]);
  });

  test("refuses names and columns that SQL or the folders could not tell apart", async () => {
    for (const name of ["a.b.c", "", "../up", "a/b", "x.", "1st", "a b"]) {
      await expect(writeTable(name, fees(1))).rejects.toThrow("expected database.table of letters");
    }
    await expect(writeTable("raw.fees", fees(1))).rejects.toThrow("raw files lie there");
    await expect(writeTable("fees", frameOf({ Fee: [1], fee: [2] }))).rejects.toThrow('found "Fee" and "fee"');
    await expect(writeTable("fees", frameOf({}))).rejects.toThrow("a frame without columns");
    await expect(writeTable("fees", fees(1), { mode: "replace" as never })).rejects.toThrow('found mode "replace"');
    expect(existsSync(join(home.path, "default"))).toBe(false);
  });

  test("concurrent appends all arrive; of concurrent overwrites and creates the losers are told", async () => {
    await writeTable("fees", fees(0));
    await Promise.all(Array.from({ length: 12 }, (_, i) => writeTable("fees", fees(i + 1), { mode: "append" })));
    const found = (await rowsOfTable("fees")).map((row) => row["fee"] as number);
    expect(found.sort((a, b) => a - b)).toEqual(Array.from({ length: 13 }, (_, i) => i));
    for (const mode of ["overwrite", "create"] as const) {
      const name = mode === "create" ? "fresh" : "fees";
      const ended = await Promise.allSettled(Array.from({ length: 4 }, (_, i) => writeTable(name, fees(i), { mode })));
      const won = ended.filter(({ status }) => status === "fulfilled");
      const lost = ended.flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
      expect(won).toHaveLength(1);
      expect(lost.every(({ name }) => name === "TableConflictError")).toBe(true);
      expect(await rowsOfTable(name)).toHaveLength(1);
    }
  });

  test("what a killed writer leaves behind is not seen", async () => {
    await writeTable("fees", fees(1));
    const folder = join(home.path, "default/fees");
    writeFileSync(join(folder, "data/orphan.parquet"), "half a file");
    writeFileSync(join(folder, "metadata/.draft.tmp"), '{"half');
    mkdirSync(join(home.path, "default/never_committed/data"), { recursive: true });
    expect(await rowsOfTable("fees")).toHaveLength(1);
    expect((await listTables()).map(({ name }) => name)).toEqual(["default.fees"]);
    await writeTable("fees", fees(2), { mode: "append" });
    expect(await rowsOfTable("fees")).toHaveLength(2);
    await writeTable("never_committed", fees(1));
  });

  test("a committed version of the metadata never changes", async () => {
    await writeTable("fees", fees(1));
    const version = join(home.path, "default/fees/metadata/v1.json");
    const [text, { mtimeMs }] = [readFileSync(version, "utf8"), statSync(version)];
    await writeTable("fees", fees(2), { mode: "append" });
    expect(readFileSync(version, "utf8")).toBe(text);
    expect(statSync(version).mtimeMs).toBe(mtimeMs);
  });

  test("gives back every value it was given", async () => {
    const row = fc.record({
      name: fc.option(fc.string({ unit: "grapheme" })),
      share: fc.option(fc.double().map((x) => x + 0)),
      count: fc.option(fc.maxSafeInteger()),
      left: fc.option(fc.boolean()),
      when: fc.option(fc.date({ noInvalidDate: true, min: new Date("1600-01-01"), max: new Date("2200-01-01") })),
    });
    const schema = { name: "string", share: "double", count: "long", left: "boolean", when: "timestamp" } as const;
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 8 }), fc.array(row, { maxLength: 8 }), async (some, more) => {
        const frame = (rows: typeof some) =>
          frameOf(Object.fromEntries(Object.keys(schema).map((key) => [key, rows.map((one) => one[key as "name"])])), {
            types: schema,
          });
        await writeTable("values", frame(some), { mode: "overwrite" });
        await writeTable("values", frame(more), { mode: "append" });
        expect(await rowsOfTable("values")).toEqual([...some, ...more].map((one) => ({ ...one })));
      }),
      { numRuns: 20 },
    );
  });
});

describe("readTable", () => {
  beforeEach(() =>
    writeTable(
      "fees",
      frameOf({ plan: ["a", "b", "it's", null], fee: [1, 2, 3, null], at: [1, 2, 3, 4].map((d) => new Date(d)) }),
    ),
  );

  test("chooses columns and rows", async () => {
    expect(await rowsOfTable("fees", { columns: ["fee"], where: "fee > 1 -- the dear ones" })).toEqual([
      { fee: 2 },
      { fee: 3 },
    ]);
    const plans = async (where: unknown) =>
      (await rowsOfTable("fees", { columns: ["plan"], where })).map((row) => row["plan"]);
    expect(await plans({ column: "plan", op: "=", value: "it's" })).toEqual(["it's"]);
    expect(
      await plans([
        { column: "fee", op: ">=", value: 2 },
        { column: "plan", op: "!=", value: "b" },
      ]),
    ).toEqual(["it's"]);
    expect(await plans({ column: "plan", op: "in", value: ["a", "b"] })).toEqual(["a", "b"]);
    expect(await plans({ column: "plan", op: "in", value: [] })).toEqual([]);
    expect(await plans({ column: "fee", op: "is null" })).toEqual([null]);
    expect(await plans({ column: "at", op: "<", value: new Date(2) })).toEqual(["a"]);
    expect(await plans([])).toHaveLength(4);
  });

  test("no rows still have their columns and types", async () => {
    const none = await readTable("fees", { where: "false" });
    expect([none.numRows(), schemaOf(none)]).toEqual([0, { plan: "string", fee: "long", at: "timestamp" }]);
  });

  test("says which tables, snapshots and columns there are", async () => {
    await expect(readTable("nothing")).rejects.toThrow(
      'Cannot read table "default.nothing": the warehouse has "default.fees"',
    );
    await expect(readTable("fees", { snapshot: "1" })).rejects.toThrow(
      /Cannot read default.fees at snapshot "1": the table has "\d+"/,
    );
    await expect(readTable("fees", { columns: ["age"] })).rejects.toThrow(
      'Cannot read column "age" of default.fees: the table has "plan", "fee", "at"',
    );
    await expect(readTable("fees", { where: { column: "age", op: "=", value: 1 } })).rejects.toThrow(
      'Cannot filter by column "age"',
    );
    await expect(readTable("fees", { where: { column: "fee", op: "~" as never, value: 1 } })).rejects.toThrow(
      'found "~"',
    );
    await expect(readTable("fees", { where: { column: "fee", op: "=", value: Number.NaN } })).rejects.toThrow(
      "found NaN, expected text, a finite number",
    );
    await expect(readTable("fees", { where: { column: "fee", op: "in", value: 1 } })).rejects.toThrow(
      "expected an array",
    );
    await expect(readTable("fees", { where: "fee >" })).rejects.toThrow(
      /^Cannot read default.fees where "fee >": found Parser Error/,
    );
  });

  test("a data file that was deleted is named", async () => {
    const data = join(home.path, "default/fees/data");
    const [file] = readdirSync(data);
    const { rmSync } = await import("node:fs");
    rmSync(join(data, file!));
    await expect(readTable("fees")).rejects.toThrow(`found no ${join(data, file!)}`);
  });
});

describe("listing", () => {
  test("an empty warehouse has nothing", async () => {
    expect([await listDatabases(), await listTables()]).toEqual([[], []]);
  });

  test("names databases and tables with their size, not raw files", async () => {
    mkdirSync(join(home.path, "raw/telco"), { recursive: true });
    await writeTable("sales.fees", fees(1, 2));
    const { snapshot } = await writeTable("b", fees(1));
    await writeTable("a", fees(1));
    expect(await listDatabases()).toEqual(["default", "sales"]);
    expect((await listTables()).map(({ name }) => name)).toEqual(["default.a", "default.b", "sales.fees"]);
    expect(await listTables("sales")).toEqual([
      { name: "sales.fees", rows: 2, columns: 2, snapshot: expect.any(String), writtenAt: expect.any(Date) },
    ]);
    expect(await describeTable("b")).toMatchObject({
      name: "default.b",
      schema: { plan: "string", fee: "long" },
      snapshot,
      rows: 1,
      files: 1,
    });
    expect((await describeTable("b")).sizeBytes).toBeGreaterThan(100);
  });
});
