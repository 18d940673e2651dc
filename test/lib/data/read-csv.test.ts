import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type ReadCsvOptions, readCsv } from "../../../lib/data/read-csv.ts";
import { writeCsv } from "../../../lib/data/write-csv.ts";
import type { TableSchema } from "../../../lib/frame/field-type.ts";
import { frameOf, rowObjectsOf } from "../../../lib/frame/frame.ts";
import { temporaryFolder } from "../../support/cli.ts";
import fc from "../../support/fast-check.ts";

fc.configureGlobal({ seed: 7 });

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const file = join(folder.path, "rows.csv");

async function read(text: string | Uint8Array, schema: TableSchema, options: Partial<ReadCsvOptions> = {}) {
  writeFileSync(file, text);
  return rowObjectsOf(await readCsv(file, { schema, ...options }));
}

async function refusal(text: string | Uint8Array, schema: TableSchema): Promise<string> {
  const error = await read(text, schema).then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  return error?.message.replace(`"${file}"`, "FILE") ?? "read";
}

const feeAndPlan: TableSchema = { fee: "double", plan: "string" };

describe("readCsv", () => {
  test("reads CRLF and LF, a byte order mark, and columns in another order", async () => {
    const expected = [
      { fee: 1.5, plan: "a" },
      { fee: -2, plan: "b" },
    ];
    expect(await read("fee,plan\r\n1.5,a\r\n-2,b\r\n", feeAndPlan)).toEqual(expected);
    expect(await read("fee,plan\n1.5,a\n-2,b", feeAndPlan)).toEqual(expected);
    expect(await read("\uFEFFplan,fee\na,1.5\nb,-2\n", feeAndPlan)).toEqual(expected);
  });

  test("a blank in a number column is null; in text an empty field is null, quotes are empty text, spaces stay", async () => {
    expect(await read('fee,plan\r\n ,\r\n,""\r\n" ", \r\n', feeAndPlan)).toEqual([
      { fee: null, plan: null },
      { fee: null, plan: "" },
      { fee: null, plan: " " },
    ]);
  });

  test("reads every type, times as UTC with their offset", async () => {
    const schema: TableSchema = { d: "double", l: "long", i: "integer", b: "boolean", t: "timestamp", y: "date" };
    const text = "d,l,i,b,t,y\n1e3,9007199254740991,-2147483648,true,2026-01-31T12:00:00+02:00,2026-02-01\n,,,,,\n";
    expect(await read(text, schema)).toEqual([
      {
        d: 1000,
        l: Number.MAX_SAFE_INTEGER,
        i: -(2 ** 31),
        b: true,
        t: new Date("2026-01-31T10:00:00Z"),
        y: new Date("2026-02-01"),
      },
      { d: null, l: null, i: null, b: null, t: null, y: null },
    ]);
  });

  test("takes another delimiter and texts that mean null", async () => {
    expect(await read("fee;plan\nNA;NA\n3;x\n", feeAndPlan, { delimiter: ";", nulls: ["NA"] })).toEqual([
      { fee: null, plan: null },
      { fee: 3, plan: "x" },
    ]);
  });

  test("a file of a header alone has no rows", async () => {
    expect(await read("fee,plan\r\n", feeAndPlan)).toEqual([]);
  });

  test("a wrong header names what is missing and what is not expected", async () => {
    expect(await refusal("fee\n1\n", feeAndPlan)).toBe(
      'Cannot read FILE: found no "plan" in line 1, expected the columns "fee", "plan"',
    );
    expect(await refusal("fee,plan,age\n", feeAndPlan)).toContain('found unexpected "age" in line 1');
    expect(await refusal("fee,plan,plan\n", feeAndPlan)).toContain('found unexpected "plan"');
    expect(await refusal("1,a\n2,b\n", feeAndPlan)).toContain('found no "fee", "plan" and unexpected "1", "a"');
    expect(await refusal("", feeAndPlan)).toBe(
      'Cannot read FILE: found an empty file, expected a header with "fee", "plan"',
    );
  });

  test("a number that is none names line and column, also behind a field of several lines and empty lines", async () => {
    const text = 'fee,plan\r\n1,"two\r\nlines"\r\n\r\n2,b\r\nmany,c\r\nx,d\r\n';
    expect(await refusal(text, feeAndPlan)).toBe(
      'Cannot read FILE, line 6, column "fee": found "many", expected a number or a blank',
    );
  });

  test("refuses what DuckDB would round, shorten or guess", async () => {
    const cases: [string, TableSchema[string], string][] = [
      ["1.5", "long", "a whole number up to 2^53 − 1"],
      ["9007199254740993", "long", "a whole number up to 2^53 − 1"],
      ["1_000", "integer", "a whole number of 32 bits"],
      ["2147483648", "integer", "a whole number of 32 bits"],
      ["nan", "double", "a number"],
      ["1e999", "double", "a number"],
      ["0x10", "double", "a number"],
      ["maybe", "boolean", "true, false"],
      ["31.1.2026", "date", "a date"],
      ["yesterday", "timestamp", "a time"],
    ];
    for (const [text, type, expected] of cases) {
      const message = await refusal(`c\n${text}\n`, { c: type });
      expect(message).toContain(`line 2, column "c": found "${text}", expected ${expected}`);
    }
  });

  test("a line of too few or too many fields, an open quote and foreign bytes are named by line", async () => {
    expect(await refusal('fee,plan\n1,"a\nb"\n\n2\n', feeAndPlan)).toBe(
      'Cannot read FILE, line 5, column "plan": found 1 fields, expected 2',
    );
    expect(await refusal("fee,plan\n1,a\n2,b,c\n", feeAndPlan)).toBe(
      "Cannot read FILE, line 3: found 3 fields, expected 2",
    );
    expect(await refusal('fee,plan\n1,a\n2,"b\n', feeAndPlan)).toContain('line 3, column "plan": found a quote');
    const latin1 = Buffer.concat([Buffer.from("fee,plan\n1,caf"), Buffer.from([0xe9]), Buffer.from("\n")]);
    expect(await refusal(latin1, feeAndPlan)).toContain('line 2, column "plan": found bytes that are not UTF-8');
    expect(await refusal("fee,plan\r\n1,a\n2,b\r\n", feeAndPlan)).toContain("lines that end in different ways");
  });

  test("a file that is not there is named with its place", async () => {
    await expect(readCsv("nowhere.csv", { schema: feeAndPlan })).rejects.toThrow(
      /^Cannot read "nowhere.csv": found no such file, expected a CSV file at \/.*\/nowhere.csv$/,
    );
    await expect(readCsv(folder.path, { schema: feeAndPlan })).rejects.toThrow("found a folder");
  });

  test("a path may hold characters that are patterns elsewhere", async () => {
    const odd = join(folder.path, "a[1]*?'.csv");
    await writeCsv(odd, { fee: [1] });
    expect(rowObjectsOf(await readCsv(odd, { schema: { fee: "long" } }))).toEqual([{ fee: 1 }]);
  });

  test("reads back what writeCsv wrote: quotes, delimiters, line ends, nulls", async () => {
    const texts = fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r\n", " ", "a", "ß", "🙂", "'") });
    const rows = fc.array(
      fc.record({
        text: fc.option(texts),
        other: fc.option(texts),
        n: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0)),
        i: fc.option(fc.maxSafeInteger()),
        b: fc.option(fc.boolean()),
        t: fc.option(fc.date({ noInvalidDate: true, min: new Date("1970-01-01"), max: new Date("2100-01-01") })),
      }),
      { minLength: 1, maxLength: 12 },
    );
    const schema: TableSchema = {
      text: "string",
      other: "string",
      n: "double",
      i: "long",
      b: "boolean",
      t: "timestamp",
    };
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom("\r\n" as const, "\n" as const), async (written, lineEnd) => {
        await writeCsv(file, frameOf(written), { lineEnd });
        expect(rowObjectsOf(await readCsv(file, { schema }))).toEqual(written.map((row) => ({ ...row })));
      }),
      { numRuns: 60 },
    );
  });

  test("reads back one column of text and nulls", async () => {
    const values = fc.array(fc.option(fc.string({ unit: fc.constantFrom('"', "\n", " ", "a") })), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(values, async (written) => {
        await writeCsv(file, { text: written });
        expect(rowObjectsOf(await readCsv(file, { schema: { text: "string" } }))).toEqual(
          written.map((text) => ({ text })),
        );
      }),
      { numRuns: 40 },
    );
  });

  test("leaves no scratch files behind, also after an error", async () => {
    await refusal("fee,plan\nx,a\n", feeAndPlan);
    const own = `cellwright-scratch-${process.pid}`;
    for (const parent of ["/dev/shm", "/tmp"]) {
      const left = readdirSync(parent).includes(own) ? readdirSync(join(parent, own)) : [];
      expect(left).toEqual([]);
    }
  });
});
