// Rows of a query on a Postgres server as a frame. The server tells the types; nothing is guessed.
import { quote } from "../core/check.ts";
import type { FieldType } from "../frame/field-type.ts";
import type { Frame } from "../frame/frame.ts";
import { frameOfText, hostOf } from "./text-rows.ts";

export interface ReadPostgresOptions {
  /** What stands for $1, $2, … in the query. Default none. */
  readonly values?: readonly (string | number | boolean | null)[];
}

/**
 * The rows of one query.
 *
 * Whole numbers, fractions, booleans, dates and times have their types, times without a zone are taken for UTC; decimals become
 * double, everything else text.
 *
 * @param url `postgres://user:password@host:5432/database`
 * @throws Error no such server, or the query is wrong: says what the server says, never the password
 * @throws RangeError two columns have one name
 */
export async function readPostgres(
  url: string,
  query: string,
  { values = [] }: ReadPostgresOptions = {},
): Promise<Frame> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: url, types: { getTypeParser: () => String as never } });
  client.on("error", () => undefined); // of a connection that is lost: the query that waits says it
  try {
    await client.connect();
    await client.query("SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET default_transaction_read_only = on");
    const { fields, rows } = await client.query<(string | null)[]>({
      text: query,
      values: [...values],
      rowMode: "array",
    });
    const columns = fields.map(({ name, dataTypeID }) => ({ name, type: typeOf(dataTypeID) }));
    return frameOfText(columns, rows);
  } catch (cause) {
    if (cause instanceof RangeError || cause instanceof TypeError) throw cause;
    const { message, code } = cause as Error & { readonly code?: string };
    throw new Error(`Cannot read from Postgres at ${quote(hostOf(url))}: found ${message || code}`, { cause });
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Postgres' own numbers of its types (pg_type.oid). */
function typeOf(oid: number): FieldType {
  const types: { readonly [oid: number]: FieldType } = {
    16: "boolean",
    20: "long",
    21: "integer",
    23: "integer",
    26: "long",
    700: "float",
    701: "double",
    1082: "date",
    1114: "timestamp",
    1184: "timestamp",
    1700: "double",
  };
  return types[oid] ?? "string";
}
