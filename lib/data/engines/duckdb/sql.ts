// Names and values as SQL text.
import { quote } from "../../../core/check.ts";
import type { FieldType } from "../../../frame/field-type.ts";

/** An identifier in double quotes. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * SQL takes names without regard to case, and none that are empty.
 *
 * @throws RangeError two names differ in case alone, or one is empty
 */
export function requireSqlNames(names: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const other = seen.get(name.toLowerCase());
    if (name === "" || other !== undefined) {
      const found = name === "" ? "an empty name" : `${quote(other)} and ${quote(name)}`;
      throw new RangeError(`Cannot use the columns: found ${found}, expected names that differ in more than case`);
    }
    seen.set(name.toLowerCase(), name);
  }
}

/** A text in single quotes. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A path as text whose *, ? and [ are no patterns. */
export function sqlFile(path: string): string {
  return sqlText(path.replace(/[*?[]/g, "[$&]"));
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
