// A signature told from a table: its columns, their types, and the values a text column takes.
import type { ColumnSpec, ColumnType, Signature } from "../contract/signature.ts";
import { columnOf, type FrameLike } from "../frame/columns.ts";
import { type FieldType, schemaOf } from "../frame/field-type.ts";

export interface InferSignatureOptions {
  /** Text columns with at most so many values take only those. Default 0: any text. */
  readonly maxCategories?: number;
  /** Type of each output column. Default: outputs are not described. */
  readonly outputs?: readonly ColumnSpec[];
}

const types: Readonly<Record<FieldType, ColumnType>> = {
  string: "string",
  double: "double",
  float: "float",
  long: "long",
  integer: "integer",
  boolean: "boolean",
  timestamp: "datetime",
  date: "datetime",
};

/**
 * One input per column of the table; a column with nulls may be left out of a request.
 *
 * @throws TypeError a column mixes types
 */
export function inferSignature(
  frame: FrameLike,
  { maxCategories = 0, outputs }: InferSignatureOptions = {},
): Signature {
  const inputs = Object.entries(schemaOf(frame)).map(([name, type]): ColumnSpec => {
    const values = new Set(Array.from(columnOf(frame, name)));
    const complete = !values.delete(null) && !values.delete(undefined);
    const few = type === "string" && values.size > 0 && values.size <= maxCategories;
    return {
      name,
      type: types[type],
      ...(!complete && { required: false }),
      ...(few && { categories: ([...values] as string[]).sort() }),
    };
  });
  return { inputs, ...(outputs && { outputs }) };
}
