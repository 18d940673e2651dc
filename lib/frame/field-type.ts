// The types a column of a table may have, and which one a column has: told by Arrow where Arrow backs it, else by its values.
import { listOf, quote } from "../core/check.ts";
import { columnNamesOf, columnOf, type FrameLike } from "./columns.ts";

/** `long` is whole numbers up to ±(2^53 − 1); `timestamp` and `date` are Date objects in UTC. */
export type FieldType = "string" | "double" | "float" | "long" | "integer" | "boolean" | "timestamp" | "date";

/** Column name → type, in the table's order. */
export type TableSchema = { readonly [column: string]: FieldType };

const fieldTypes: readonly FieldType[] = [
  "string",
  "double",
  "float",
  "long",
  "integer",
  "boolean",
  "timestamp",
  "date",
];

/**
 * Column names and types of a table.
 *
 * Columns read from files and tables have the type they were read with. Of a plain array the values tell: whole numbers are
 * `long`, other numbers `double`, and a column of nulls is `string`.
 *
 * @throws TypeError a column mixes types or holds values that no type covers
 */
export function schemaOf(frame: FrameLike): TableSchema {
  return Object.fromEntries(columnNamesOf(frame).map((name) => [name, requireFieldType(frame, name)]));
}

/** A column's type as a table's head shows it: a FieldType, else `mixed`, `list`, `struct`, `binary` or `other`. */
export function typeNameOf(frame: FrameLike, name: string): string {
  return typeOfStorage(storageOf(frame, name)) ?? typeOfValues(columnOf(frame, name));
}

/** @throws TypeError a name of a schema is no type */
export function requireSchema(schema: TableSchema): void {
  for (const [name, type] of Object.entries(schema)) {
    if (fieldTypes.includes(type)) continue;
    throw new TypeError(
      `Cannot use the schema: found type ${quote(type)} of column ${quote(name)}, expected one of ${listOf(fieldTypes)}`,
    );
  }
}

function requireFieldType(frame: FrameLike, name: string): FieldType {
  const type = typeNameOf(frame, name);
  if (fieldTypes.includes(type as FieldType)) return type as FieldType;
  throw new TypeError(
    `Cannot tell the type of column ${quote(name)}: found ${type} values, expected one of ${listOf(fieldTypes)}`,
  );
}

/** What holds the values: an Arrow column, a typed array or an array; unknown for tables that do not say. */
function storageOf(frame: FrameLike, name: string): unknown {
  const columnOfTable = (frame as { column?: unknown }).column;
  if (typeof columnOfTable !== "function") return columnOf(frame, name);
  return (columnOfTable as (name: string) => unknown).call(frame, name);
}

/** Arrow's type ids; `precision` of a float: 0 half, 1 single, 2 double. */
interface ArrowType {
  readonly typeId: number;
  readonly bitWidth?: number;
  readonly precision?: number;
}

function typeOfStorage(storage: unknown): string | undefined {
  if (storage instanceof Float64Array) return "double";
  if (storage instanceof Float32Array) return "float";
  if (storage instanceof BigInt64Array || storage instanceof BigUint64Array || storage instanceof Uint32Array) {
    return "long";
  }
  if (ArrayBuffer.isView(storage)) return "integer";
  const type = (storage as { type?: ArrowType } | null)?.type;
  return typeof type?.typeId === "number" ? typeOfArrow(type) : undefined;
}

function typeOfArrow({ typeId, bitWidth = 32, precision = 2 }: ArrowType): string {
  switch (typeId) {
    case 2:
      return bitWidth === 64 ? "long" : "integer";
    case 3:
      return precision === 2 ? "double" : "float";
    case 4:
    case 15:
    case 19:
    case 23:
      return "binary";
    case 1: // nothing but nulls
    case 5:
    case 20:
    case 24:
      return "string";
    case 6:
      return "boolean";
    case 7:
      return "double"; // decimals are read as numbers
    case 8:
      return "date";
    case 10:
      return "timestamp";
    case 12:
    case 16:
    case 21:
    case 25:
    case 26:
      return "list";
    case 13:
    case 17:
      return "struct";
    default:
      return "other";
  }
}

function typeOfValues(values: ArrayLike<unknown>): string {
  let found: string | undefined;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    const type = typeOfValue(value);
    if (found === undefined || found === type) found = type;
    else if (isNumeric(found) && isNumeric(type)) found = "double";
    else return "mixed";
  }
  return found ?? "string";
}

function typeOfValue(value: unknown): string {
  if (typeof value === "number") return Number.isSafeInteger(value) ? "long" : "double";
  if (typeof value === "bigint") return "long";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "boolean";
  if (value instanceof Date || Object.prototype.toString.call(value) === "[object Date]") return "timestamp";
  if (value instanceof Uint8Array) return "binary";
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return "list";
  return typeof value === "object" ? "struct" : "other";
}

function isNumeric(type: string): boolean {
  return type === "long" || type === "double";
}
