// Rows of a query on a MySQL or MariaDB server as a frame. The server tells the types; nothing is guessed.
import { quote } from "../core/check.ts";
import type { FieldType } from "../frame/field-type.ts";
import type { Frame } from "../frame/frame.ts";
import { frameOfText, hostOf } from "./text-rows.ts";

export interface ReadMysqlOptions {
  /** What stands for each ? in the query. Default none. */
  readonly values?: readonly (string | number | boolean | null)[];
}

/**
 * The rows of one query.
 *
 * Whole numbers, fractions, dates and times have their types, times are taken for UTC; BOOLEAN, which MySQL keeps as TINYINT(1),
 * is boolean; decimals become double, everything else text.
 *
 * @param url `mysql://user:password@host:3306/database`
 * @throws Error no such server, or the query is wrong: says what the server says, never the password
 * @throws RangeError two columns have one name
 */
export async function readMysql(url: string, query: string, { values = [] }: ReadMysqlOptions = {}): Promise<Frame> {
  const { createConnection } = await import("mysql2/promise");
  try {
    const connection = await createConnection({
      uri: url,
      charset: "utf8mb4",
      stringifyObjects: true,
      typeCast: (field) => field.string("utf8"),
    });
    try {
      await connection.query("SET time_zone = '+00:00'");
      await connection.query("SET SESSION TRANSACTION READ ONLY");
      const [rows, fields] = await connection.query({ sql: query, values: [...values], rowsAsArray: true });
      const columns = fields.map((field) => ({ name: field.name, type: typeOf(field as MysqlField) }));
      return frameOfText(columns, rows as (string | null)[][]);
    } finally {
      connection.destroy();
    }
  } catch (cause) {
    if (cause instanceof RangeError || cause instanceof TypeError) throw cause;
    const { message, code } = cause as Error & { readonly code?: string };
    throw new Error(`Cannot read from MySQL at ${quote(hostOf(url))}: found ${message || code}`, { cause });
  }
}

interface MysqlField {
  readonly columnType: number;
  readonly columnLength: number;
  readonly flags: number;
}

const unsigned = 32;

/** MySQL's own numbers of its types (enum_field_types); what is unsigned needs the next wider one. */
function typeOf({ columnType, columnLength, flags }: MysqlField): FieldType {
  if (columnType === 1 && columnLength === 1) return "boolean";
  if (columnType === 3 && flags & unsigned) return "long";
  const types: { readonly [type: number]: FieldType } = {
    0: "double",
    1: "integer",
    2: "integer",
    3: "integer",
    4: "float",
    5: "double",
    7: "timestamp",
    8: "long",
    9: "integer",
    10: "date",
    12: "timestamp",
    13: "integer",
    246: "double",
  };
  return types[columnType] ?? "string";
}
