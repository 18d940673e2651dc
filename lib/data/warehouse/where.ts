// Which rows a read keeps: conditions as data, or a SQL condition written by the caller.
import { listOf, quote } from "../../core/check.ts";
import { sqlName, sqlText } from "../engines/duckdb/sql.ts";

export type ConditionValue = string | number | boolean | Date;

/** One comparison of a column. `in` takes an array; `is null` and `is not null` take no value. */
export interface Condition {
  readonly column: string;
  readonly op: "=" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "is null" | "is not null";
  readonly value?: ConditionValue | readonly ConditionValue[];
}

/** A SQL condition (`"tenure > 12 AND Churn = 'Yes'"`), one condition, or several that must all hold. */
export type Where = string | Condition | readonly Condition[];

const comparisons = ["=", "!=", "<", "<=", ">", ">=", "in", "is null", "is not null"];

/**
 * The text after WHERE. A SQL condition is passed as it is: it is the notebook's own code, not outside data.
 *
 * @throws RangeError an unknown column or comparison, or a value that does not go with it
 */
export function whereSql(where: Where | undefined, columns: readonly string[]): string {
  if (where === undefined) return "true";
  if (typeof where === "string") return `(${where}\n)`;
  const conditions = Array.isArray(where) ? (where as readonly Condition[]) : [where as Condition];
  return conditions.map((condition) => conditionSql(condition, columns)).join(" AND ") || "true";
}

function conditionSql({ column, op, value }: Condition, columns: readonly string[]): string {
  if (!columns.includes(column)) {
    throw new RangeError(`Cannot filter by column ${quote(column)}: the table has ${listOf(columns)}`);
  }
  if (!comparisons.includes(op)) {
    throw new RangeError(
      `Cannot filter by column ${quote(column)}: found ${quote(op)}, expected one of ${listOf(comparisons)}`,
    );
  }
  const name = sqlName(column);
  if (op === "is null" || op === "is not null") return `${name} ${op.toUpperCase()}`;
  if (op === "in") {
    if (!Array.isArray(value)) throw wrongValue(column, op, value, "an array");
    return value.length === 0 ? "false" : `${name} IN (${value.map((one) => valueSql(column, op, one)).join(", ")})`;
  }
  return `${name} ${op} ${valueSql(column, op, value)}`;
}

function valueSql(column: string, op: string, value: unknown): string {
  if (typeof value === "string") return sqlText(value);
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (typeof value === "boolean") return String(value);
  if (value instanceof Date && Number.isFinite(value.getTime()))
    return `TIMESTAMP '${value.toISOString().slice(0, -1)}'`;
  throw wrongValue(column, op, value, "text, a finite number, true, false or a date");
}

function wrongValue(column: string, op: string, value: unknown, expected: string): RangeError {
  const found = typeof value === "object" && value !== null ? "an object" : quote(value);
  return new RangeError(`Cannot filter by column ${quote(column)} ${op}: found ${found}, expected ${expected}`);
}
