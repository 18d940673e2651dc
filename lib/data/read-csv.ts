// CSV by an explicit schema: what does not fit is an error with file, line and column, never a guess.
import type { DuckDBConnection } from "@duckdb/node-api";
import { listOf, quote } from "../core/check.ts";
import { type FieldType, requireSchema, type TableSchema } from "../frame/field-type.ts";
import type { Frame } from "../frame/frame.ts";
import { type CsvRecord, scanCsv } from "./csv-scan.ts";
import { rowsOfQuery, withDuckdb } from "./engines/duckdb/connection.ts";
import { queryFrame } from "./engines/duckdb/query-frame.ts";
import { requireSqlNames, sqlFile, sqlName, sqlText, sqlType } from "./engines/duckdb/sql.ts";
import { requireFile } from "./file-store.ts";

export interface ReadCsvOptions {
  /** Column name → type. The header must name exactly these columns, in any order; the frame has the schema's order. */
  readonly schema: TableSchema;
  /** One character. Default `,`. */
  readonly delimiter?: string;
  /** Texts that mean null in any column, as `NA`. Default none. */
  readonly nulls?: readonly string[];
}

/**
 * Reads a CSV file: header in the first line, CRLF or LF, quotes as RFC 4180, UTF-8.
 *
 * A blank (empty or spaces) is null in every column but text; in text columns an empty field is null, `""` an empty text and
 * spaces are kept.
 *
 * @param path from the project's folder
 * @throws Error no such file; another header; a line with more or fewer fields; a value that is not of its type. Names file,
 *   line (1-based) and column
 */
export async function readCsv(path: string, { schema, delimiter = ",", nulls = [] }: ReadCsvOptions): Promise<Frame> {
  requireSchema(schema);
  requireSqlNames(Object.keys(schema));
  const file = { path: await requireFile(path, "CSV"), name: path, delimiter };
  const header = await readHeader(file, schema);
  return withDuckdb(async (connection) => {
    await load(connection, file, header);
    await requireFields(connection, file);
    await requireValues(connection, file, schema, nulls);
    const columns = Object.entries(schema).map(
      ([name, type]) => `${typed(sqlName(name), type, nulls)} AS ${sqlName(name)}`,
    );
    return queryFrame(connection, `SELECT ${columns.join(", ")} FROM raw`);
  });
}

interface CsvFile {
  readonly path: string;
  /** As the caller wrote it, for messages. */
  readonly name: string;
  readonly delimiter: string;
}

async function readHeader({ path, name, delimiter }: CsvFile, schema: TableSchema): Promise<readonly string[]> {
  const expected = Object.keys(schema);
  for await (const { fields } of scanCsv(path, delimiter)) {
    const missing = expected.filter((column) => !fields.includes(column));
    const extra = fields.filter((column, i) => !expected.includes(column) || fields.indexOf(column) !== i);
    if (missing.length === 0 && extra.length === 0) return fields;
    const found = [missing.length > 0 && `no ${listOf(missing)}`, extra.length > 0 && `unexpected ${listOf(extra)}`];
    throw new Error(
      `Cannot read ${quote(name)}: found ${found.filter(Boolean).join(" and ")} in line 1, expected the columns ${expected.map(quote).join(", ")}`,
    );
  }
  throw new Error(`Cannot read ${quote(name)}: found an empty file, expected a header with ${listOf(expected)}`);
}

/** Every field as text into the temporary table `raw`; lines that are no record into `reject_errors`. */
async function load(
  connection: DuckDBConnection,
  { path, name, delimiter }: CsvFile,
  header: readonly string[],
): Promise<void> {
  const columns = header.map((column) => `${sqlText(column)}: 'VARCHAR'`).join(", ");
  try {
    await connection.run(
      `CREATE TEMP TABLE raw AS SELECT * FROM read_csv(${sqlFile(path)}, auto_detect = false, header = true, ` +
        `delim = ${sqlText(delimiter)}, quote = '"', escape = '"', columns = {${columns}}, allow_quoted_nulls = false, ` +
        `max_line_size = 16777216, store_rejects = true)`,
    );
  } catch (cause) {
    const message = (cause as Error).message;
    const found = message.includes("state machine") ? "lines that end in different ways" : message.split("\n")[0];
    throw new Error(
      `Cannot read ${quote(name)}: found ${found}, expected CSV records that all end in CRLF or all in LF`,
      {
        cause,
      },
    );
  }
}

async function requireFields(connection: DuckDBConnection, file: CsvFile): Promise<void> {
  const [first] = await rowsOfQuery(
    connection,
    "SELECT line::INTEGER AS line, column_name, error_type::VARCHAR AS kind, error_message FROM reject_errors ORDER BY line LIMIT 1",
  );
  if (!first) return;
  const column = first["column_name"] ? `, column ${quote(first["column_name"])}` : "";
  const problem =
    { "UNQUOTED VALUE": "a quote that does not close its field", "INVALID ENCODING": "bytes that are not UTF-8" }[
      String(first["kind"])
    ] ?? fieldCounts(String(first["error_message"]));
  const line = await lineOf(file, ({ position }) => position === first["line"]); // DuckDB counts records
  throw new Error(`Cannot read ${quote(file.name)}, line ${line}${column}: found ${problem}`);
}

function fieldCounts(message: string): string {
  const [, expected, found] = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message) ?? [];
  return found ? `${found} fields, expected ${expected}` : message;
}

async function requireValues(
  connection: DuckDBConnection,
  file: CsvFile,
  schema: TableSchema,
  nulls: readonly string[],
): Promise<void> {
  const checked = Object.entries(schema).filter(([, type]) => type !== "string");
  if (checked.length === 0) return;
  const firstWrong = checked.map(
    ([name, type], i) => `min(rowid) FILTER (WHERE ${isWrong(sqlName(name), type, nulls)})::BIGINT AS c${i}`,
  );
  const [found = {}] = await rowsOfQuery(connection, `SELECT ${firstWrong.join(", ")} FROM raw`);
  const wrong = checked
    .map(([name, type], i) => ({ name, type, row: found[`c${i}`] as bigint | null }))
    .filter(({ row }) => row !== null)
    .sort((a, b) => Number(a.row! - b.row!))[0];
  if (!wrong) return;
  const { name, type } = wrong;
  const line = await lineOf(file, (_, row) => row === Number(wrong.row));
  const [cell] = await rowsOfQuery(connection, `SELECT ${sqlName(name)} AS text FROM raw WHERE rowid = ${wrong.row}`);
  throw new Error(
    `Cannot read ${quote(file.name)}, line ${line}, column ${quote(name)}: found ${quote(cell?.["text"])}, expected ${expectedText[type]}`,
  );
}

async function lineOf(
  { path, delimiter }: CsvFile,
  isWanted: (record: CsvRecord, row: number) => boolean,
): Promise<number | string> {
  let row = -1; // the header
  for await (const record of scanCsv(path, delimiter)) if (isWanted(record, row++)) return record.line;
  return "unknown";
}

const expectedText: { readonly [Type in FieldType]: string } = {
  string: "text",
  double: "a number or a blank",
  float: "a number or a blank",
  long: "a whole number up to 2^53 − 1 or a blank",
  integer: "a whole number of 32 bits or a blank",
  boolean: "true, false or a blank",
  timestamp: "a time as 2026-01-31T12:00:00Z or a blank",
  date: "a date as 2026-01-31 or a blank",
};

const number = "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?";
const wholeNumber = "[+-]?[0-9]+";
const pattern: { readonly [Type in FieldType]?: string } = {
  double: number,
  float: number,
  long: wholeNumber,
  integer: wholeNumber,
  boolean: "(?i)true|false|t|f|yes|no|1|0",
};

function isWrong(column: string, type: FieldType, nulls: readonly string[]): string {
  const value = cell(column, type, nulls);
  const parts = [`${converted(value, type)} IS NULL`];
  if (pattern[type]) parts.push(`NOT regexp_full_match(${value}, '${pattern[type]}')`); // DuckDB takes 1.5 and 1_000 for whole
  if (type === "long") parts.push(`abs(try_cast(${value} AS HUGEINT)) > ${Number.MAX_SAFE_INTEGER}`);
  if (type === "double" || type === "float") parts.push(`isinf(${converted(value, type)})`);
  return `${value} IS NOT NULL AND (${parts.join(" OR ")})`;
}

function typed(column: string, type: FieldType, nulls: readonly string[]): string {
  return converted(cell(column, type, nulls), type);
}

function cell(column: string, type: FieldType, nulls: readonly string[]): string {
  const known =
    nulls.length === 0 ? column : `CASE WHEN ${column} NOT IN (${nulls.map(sqlText).join(", ")}) THEN ${column} END`;
  return type === "string" ? known : `nullif(trim(${known}, e' \\t'), '')`;
}

function converted(value: string, type: FieldType): string {
  if (type === "string") return value;
  if (type === "timestamp") return `timezone('UTC', try_cast(${value} AS TIMESTAMPTZ))`; // a plain TIMESTAMP drops the offset
  return `try_cast(${value} AS ${sqlType[type]})`;
}
