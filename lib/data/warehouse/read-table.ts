// Reads a table as of a snapshot: chosen columns, rows that fit a condition.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { listOf, quote } from "../../core/check.ts";
import type { Frame } from "../../frame/frame.ts";
import { withDuckdb } from "../engines/duckdb/connection.ts";
import { queryFrame } from "../engines/duckdb/query-frame.ts";
import { sqlName, sqlText } from "../engines/duckdb/sql.ts";
import { listTables } from "./list-tables.ts";
import { filesOf, snapshotOf } from "./table-metadata.ts";
import { type TablePlace, tablePlace } from "./table-name.ts";
import { readTableVersion, type TableVersion } from "./table-store.ts";
import { type Where, whereSql } from "./where.ts";

export interface ReadTableOptions {
  /** Snapshot id. Default: the newest. */
  readonly snapshot?: string;
  /** Columns and their order. Default: all. */
  readonly columns?: readonly string[];
  /** Rows to keep. Default: all. */
  readonly where?: Where;
}

/**
 * A table of the warehouse as a frame, rows in the order they were written.
 *
 * @param name `database.table`; a bare name is in `default`
 * @throws RangeError no such table, snapshot or column
 */
export async function readTable(name: string, { snapshot: id, columns, where }: ReadTableOptions = {}): Promise<Frame> {
  const place = tablePlace(name);
  const { table } = await requireTable(place);
  const snapshot = snapshotOf(table, id);
  const names = table.schemas[snapshot.schema]!.map((column) => column.name);
  const wanted = columns ?? names;
  const unknown = wanted.find((column) => !names.includes(column));
  if (unknown !== undefined || wanted.length === 0) {
    throw new RangeError(`Cannot read column ${quote(unknown)} of ${table.name}: the table has ${listOf(names)}`);
  }
  const files = filesOf(table, snapshot).map(({ path }) => join(place.folder, path));
  await requireFiles(table.name, files);
  const from = `read_parquet([${files.map(sqlText).join(", ")}])`;
  const sql = `SELECT ${wanted.map(sqlName).join(", ")} FROM ${from} WHERE ${whereSql(where, names)}`;
  return withDuckdb((connection) => queryFrame(connection, sql)).catch((cause: Error) => {
    if (typeof where !== "string") throw cause;
    const found = cause.message.split("\n")[0];
    throw new Error(`Cannot read ${table.name} where ${quote(where)}: found ${found}, expected a SQL condition`, {
      cause,
    });
  });
}

/** @throws RangeError no such table; says which there are */
export async function requireTable(place: TablePlace): Promise<TableVersion> {
  const found = await readTableVersion(place);
  if (found.version > 0) return found;
  const known = (await listTables()).map((table) => table.name);
  throw new RangeError(`Cannot read table ${quote(place.name)}: the warehouse has ${listOf(known)}`);
}

async function requireFiles(name: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    if (await stat(file).catch(() => undefined)) continue;
    throw new Error(`Cannot read table ${name}: found no ${file}, expected every file its snapshot names`);
  }
}
