// Names and values as SQL text.
import type { FieldType } from "../../../frame/field-type.ts";

/** An identifier in double quotes. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in single quotes. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** DuckDB's type of each of ours. */
export const sqlType: { readonly [Type in FieldType]: string } = {
  string: "VARCHAR",
  double: "DOUBLE",
  float: "FLOAT",
  long: "BIGINT",
  integer: "INTEGER",
  boolean: "BOOLEAN",
  timestamp: "TIMESTAMP",
  date: "DATE",
};
