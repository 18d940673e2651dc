// Values that are tables: arrays of plain objects, and what arquero, Arrow and danfo make, known by what they can do, not by class.
import { types } from "node:util";

export interface Rows {
  /** `Array`, `ColumnTable`, `DataFrame`, … */
  readonly kind: string;
  readonly columns: readonly string[];
  readonly count: number;
  /** Names of rows, where the table has them. */
  index?(row: number): unknown;
  cell(row: number, column: number): unknown;
}

/** Rows of an array that are looked at to find its columns. */
const probedRows = 50;
const mostColumns = 200;

export function rowsOf(value: unknown): Rows | undefined {
  if (typeof value !== "object" || value === null || types.isProxy(value)) return undefined;
  return Array.isArray(value) ? rowsOfObjects(value) : (rowsOfFrame(value) ?? rowsOfArrow(value) ?? rowsOfDanfo(value));
}

function rowsOfObjects(array: readonly unknown[]): Rows | undefined {
  const columns = new Set<string>();
  for (let i = 0; i < Math.min(array.length, probedRows); i++) {
    const row = array[i];
    if (!isPlain(row)) return undefined;
    for (const name of Object.keys(row)) columns.add(name);
    if (columns.size > mostColumns) return undefined;
  }
  if (columns.size === 0) return undefined;
  const names = [...columns];
  return {
    kind: "Array",
    columns: names,
    count: array.length,
    cell: (row, column) => own(array[row], names[column]!),
  };
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null || types.isProxy(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Without calling a getter. */
function own(row: unknown, name: string): unknown {
  if (!isPlain(row)) return row;
  const property = Object.getOwnPropertyDescriptor(row, name);
  return property && "get" in property && property.get ? "[Getter]" : property?.value;
}

interface Frame {
  numRows(): number;
  columnNames(): string[];
  get(name: string, row: number): unknown;
}

/** arquero's: rows in the order and with the filter the table has. */
function rowsOfFrame(value: object): Rows | undefined {
  if (!has(value, "numRows", "columnNames", "get")) return undefined;
  const frame = value as Frame;
  const columns = frame.columnNames();
  return {
    kind: nameOf(value),
    columns,
    count: frame.numRows(),
    cell: (row, column) => frame.get(columns[column]!, row),
  };
}

interface ArrowTable {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly { readonly name: string }[] };
  getChildAt(column: number): { at?(row: number): unknown; get?(row: number): unknown } | null;
}

function rowsOfArrow(value: object): Rows | undefined {
  const table = value as ArrowTable;
  if (!has(value, "getChildAt") || typeof table.numRows !== "number" || !Array.isArray(table.schema?.fields))
    return undefined;
  return {
    kind: nameOf(value),
    columns: table.schema.fields.map(({ name }) => name),
    count: table.numRows,
    cell: (row, column) => {
      const child = table.getChildAt(column);
      return child?.at ? child.at(row) : child?.get?.(row);
    },
  };
}

interface Danfo {
  readonly shape: readonly number[];
  readonly columns: readonly string[];
  readonly index: readonly unknown[];
  readonly values: readonly unknown[];
  readonly $isSeries: boolean;
}

function rowsOfDanfo(value: object): Rows | undefined {
  const frame = value as Danfo;
  if (!("$dataIncolumnFormat" in value) || !Array.isArray(frame.columns) || !Array.isArray(frame.shape))
    return undefined;
  const { values, index, columns, shape } = frame;
  return {
    kind: nameOf(value),
    columns: columns.map(String),
    count: shape[0]!,
    index: (row) => index[row],
    cell: (row, column) => (frame.$isSeries ? values[row] : (values[row] as readonly unknown[])[column]),
  };
}

function has(value: object, ...methods: string[]): boolean {
  return methods.every((name) => typeof (value as Record<string, unknown>)[name] === "function");
}

function nameOf(value: object): string {
  return value.constructor?.name || "Table";
}
