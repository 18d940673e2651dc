// Frame ↔ Arrow. Frames from files keep Arrow's columns as they are: typed, compact, read where needed.

import { listOf, quote } from "../core/check.ts";
import {
  bool,
  type Column,
  type ColumnTable,
  columnFromArray,
  type DataType,
  dateDay,
  float32,
  float64,
  int32,
  int64,
  TimeUnit,
  tableFromArrow,
  tableFromColumns,
  tableToIPC,
  timestamp,
  utf8,
} from "./arquero.ts";
import { type Columns, columnOf, type FrameLike } from "./columns.ts";
import { requireSchema, schemaOf, type TableSchema } from "./field-type.ts";
import { valuesAs } from "./values-as.ts";

/**
 * A frame over Arrow IPC bytes, stream or file format (Feather version 2), uncompressed.
 *
 * Whole numbers of 64 bits are read as numbers, timestamps and dates as Date, decimals as numbers.
 */
export function fromArrow(bytes: Uint8Array | ArrayBuffer): ColumnTable {
  return tableFromArrow(bytes);
}

export interface ToArrowOptions {
  /** Default `stream`; `file` is also what Feather readers take. */
  readonly format?: "stream" | "file";
  /** Types to write the columns as. Default: those the frame has. */
  readonly types?: TableSchema;
}

/**
 * A frame as Arrow IPC bytes. Text is plain utf8, never dictionary encoded: some readers take the codes for values.
 *
 * @throws TypeError a value does not fit its column's type
 */
export function toArrow(
  frame: FrameLike,
  { format = "stream", types = schemaOf(frame) }: ToArrowOptions = {},
): Uint8Array {
  const columns = Object.entries(types).map(
    ([name, type]) =>
      [name, columnFromArray(valuesAs(name, columnOf(frame, name), type), arrowType[type]())] as [
        string,
        Column<unknown>,
      ],
  );
  return tableToIPC(tableFromColumns(columns), { format })!;
}

/** A frame whose columns have the given types and order. */
export function frameFromTyped(columns: Columns, types: TableSchema): ColumnTable {
  requireSchema(types);
  const wrong = [
    ...Object.keys(columns).filter((name) => !Object.hasOwn(types, name)),
    ...Object.keys(types).filter((name) => !Object.hasOwn(columns, name)),
  ];
  if (wrong.length > 0) {
    throw new RangeError(
      `Cannot make a frame: found columns ${listOf(Object.keys(columns))} and types of ${listOf(Object.keys(types))}, ` +
        `expected the same; ${quote(wrong[0])} is in one alone`,
    );
  }
  return fromArrow(toArrow(columns, { types }));
}

const arrowType: { readonly [Type in TableSchema[string]]: () => DataType } = {
  string: utf8,
  double: float64,
  float: float32,
  long: int64,
  integer: int32,
  boolean: bool,
  timestamp: () => timestamp(TimeUnit.MICROSECOND),
  date: dateDay,
};
