// Rows as a database server writes them, every value a text, to a frame of the types that the server tells.
import type { FieldType, TableSchema } from "../frame/field-type.ts";
import { type Frame, frameOf } from "../frame/frame.ts";
import { requireSqlNames } from "./engines/duckdb/sql.ts";

export interface TextColumn {
  readonly name: string;
  readonly type: FieldType;
}

/**
 * @param rows a text or null for each column; times are UTC, whatever zone they name
 * @throws RangeError two columns have one name
 */
export function frameOfText(fields: readonly TextColumn[], rows: readonly (readonly (string | null)[])[]): Frame {
  requireSqlNames(fields.map(({ name }) => name));
  const types: TableSchema = Object.fromEntries(fields.map(({ name, type }) => [name, type]));
  const columns = fields.map(({ name, type }, j): [string, unknown[]] => {
    const read = fromText[type];
    return [name, rows.map((row) => (row[j] === null ? null : read(row[j]!)))];
  });
  return frameOf(Object.fromEntries(columns), { types });
}

/** Of a server's URL, without user and password. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "a URL that is none";
}

const fromText: { readonly [Type in FieldType]: (text: string) => unknown } = {
  string: (text) => text,
  double: Number,
  float: Number,
  long: Number,
  integer: Number,
  boolean: (text) => text !== "f" && text !== "0",
  timestamp: (text) => new Date(`${text.replace(" ", "T").replace(/[+-]\d\d(:\d\d)?$/, "")}Z`),
  date: (text) => new Date(`${text}T00:00:00Z`),
};
