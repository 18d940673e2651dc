// The shape of a model's input and output, as MLflow's column signature writes it, with the categories a string may take.

/** MLflow's column types. */
export type ColumnType = "boolean" | "integer" | "long" | "float" | "double" | "string" | "datetime";

export interface ColumnSpec {
  readonly name: string;
  readonly type: ColumnType;
  /** A request may leave the column out when false. Default true. */
  readonly required?: boolean;
  /** The only values a string column takes; any when absent. */
  readonly categories?: readonly string[];
}

export interface Signature {
  readonly inputs: readonly ColumnSpec[];
  readonly outputs?: readonly ColumnSpec[];
}

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };
