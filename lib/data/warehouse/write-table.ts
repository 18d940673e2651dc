// Writes a frame as a table's next snapshot: a Parquet file first, then one commit that names it.
import { randomUUID } from "node:crypto";
import { mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { listOf, quote } from "../../core/check.ts";
import { columnNamesOf, type FrameLike, rowsOf } from "../../frame/columns.ts";
import { requireSchema, schemaOf, type TableSchema } from "../../frame/field-type.ts";
import { withDuckdb } from "../engines/duckdb/connection.ts";
import { withFrameSource } from "../engines/duckdb/frame-source.ts";
import { requireSqlNames, sqlName, sqlText, sqlType } from "../engines/duckdb/sql.ts";
import {
  columnsFor,
  currentSnapshot,
  type DataFile,
  schemaOfColumns,
  type TableColumn,
  type WriteMode,
  withSnapshot,
} from "./table-metadata.ts";
import { type TablePlace, tablePlace } from "./table-name.ts";
import { commitTable, readTableVersion, syncFile, syncFolder, type TableVersion } from "./table-store.ts";

export interface WriteTableOptions {
  /**
   * `create` refuses a table that exists; `overwrite` replaces the rows, and the columns if they differ; `append` adds rows of the
   * same columns. The last two create the table where there is none. Earlier snapshots stay readable. Default `create`.
   */
  readonly mode?: WriteMode;
  /** Types of the columns. Default: the table's own where it stays, else those the frame has. */
  readonly schema?: TableSchema;
}

export interface WrittenTable {
  /** Id of the new snapshot. */
  readonly snapshot: string;
  /** Rows of the table now. */
  readonly rows: number;
}

/** Another writer committed first, or the table is there already. Nothing was written. */
export class TableConflictError extends Error {
  override readonly name = "TableConflictError";
}

/**
 * Writes a frame to a table of the warehouse. All or nothing, also when the process is killed; concurrent appends all arrive.
 *
 * @param name `database.table`; a bare name is in `default`
 * @throws TableConflictError `create` found the table, or another writer changed it while this one overwrote
 * @throws TypeError the frame's columns or values do not fit the table's
 */
export async function writeTable(
  name: string,
  frame: FrameLike,
  { mode = "create", schema }: WriteTableOptions = {},
): Promise<WrittenTable> {
  requireMode(mode);
  const place = tablePlace(name);
  const found = await readTableVersion(place);
  if (mode === "create") requireNone(found);
  const types = typesToWrite(found, frame, mode, schema);
  const columns = columnsFor(found.table, types);
  const file = await writeDataFile(place, frame, columns);
  try {
    return await commit(place, found, { mode, columns, file });
  } catch (error) {
    await rm(join(place.folder, file.path), { force: true });
    throw error;
  }
}

interface Pending {
  readonly mode: WriteMode;
  readonly columns: readonly TableColumn[];
  readonly file: DataFile;
}

/** An append that lost the race goes on top of the winner, if the columns are still the same. */
async function commit(place: TablePlace, found: TableVersion, pending: Pending): Promise<WrittenTable> {
  const { mode, columns, file } = pending;
  const write = { operation: mode, columns, files: [file], timestampMs: Date.now() };
  const next = withSnapshot(found.table, write);
  if (await commitTable(place, found.version, next)) {
    const { id, rows } = currentSnapshot(next)!;
    return { snapshot: id, rows };
  }
  const winner = await readTableVersion(place);
  if (mode === "create") requireNone(winner);
  if (mode === "append" && JSON.stringify(columnsOfCurrent(winner)) === JSON.stringify(columns)) {
    return commit(place, winner, pending);
  }
  throw new TableConflictError(
    `Cannot ${mode} table ${place.name}: found a newer snapshot, ${currentSnapshot(winner.table)?.id}, written meanwhile; read it and try again`,
  );
}

function requireMode(mode: WriteMode): void {
  if (mode === "create" || mode === "append" || mode === "overwrite") return;
  throw new RangeError(`Cannot write a table: found mode ${quote(mode)}, expected "create", "append" or "overwrite"`);
}

function requireNone({ version, table }: TableVersion): void {
  if (version === 0) return;
  throw new TableConflictError(
    `Cannot create table ${table.name}: found one with this name, expected a new name, or mode "append" or "overwrite"`,
  );
}

function columnsOfCurrent({ table }: TableVersion): readonly TableColumn[] {
  const snapshot = currentSnapshot(table);
  return snapshot ? table.schemas[snapshot.schema]! : [];
}

/** The table's own types where its columns stay the same, so that 20 in a column of doubles is a double. */
function typesToWrite(found: TableVersion, frame: FrameLike, mode: WriteMode, schema?: TableSchema): TableSchema {
  const existing = schemaOfColumns(columnsOfCurrent(found));
  const names = columnNamesOf(frame);
  requireSqlNames(names);
  if (names.length === 0) throw new TypeError(`Cannot write table ${found.table.name}: found a frame without columns`);
  if (schema) {
    requireSchema(schema);
    requireSameColumns(found.table.name, names, Object.keys(schema), "the schema");
  }
  if (mode !== "append" || found.version === 0) return schema ?? schemaOf(frame);
  requireSameColumns(found.table.name, names, Object.keys(existing), "the table");
  const other = Object.keys(existing).find((name) => schema && schema[name] !== existing[name]);
  if (other === undefined) return existing;
  throw new TypeError(
    `Cannot append to table ${found.table.name}: found column ${quote(other)} as ${schema![other]}, expected ${existing[other]} as in the table`,
  );
}

function requireSameColumns(table: string, found: readonly string[], expected: readonly string[], whose: string): void {
  const missing = expected.filter((name) => !found.includes(name));
  const extra = found.filter((name) => !expected.includes(name));
  if (missing.length === 0 && extra.length === 0) return;
  const parts = [missing.length > 0 && `no ${listOf(missing)}`, extra.length > 0 && `unexpected ${listOf(extra)}`];
  throw new TypeError(
    `Cannot write table ${table}: found ${parts.filter(Boolean).join(" and ")} in the frame, expected the columns of ${whose}`,
  );
}

async function writeDataFile(place: TablePlace, frame: FrameLike, columns: readonly TableColumn[]): Promise<DataFile> {
  const path = `data/${randomUUID()}.parquet`;
  const target = join(place.folder, path);
  await mkdir(join(place.folder, "data"), { recursive: true });
  try {
    await withFrameSource(frame, schemaOfColumns(columns), (from) =>
      withDuckdb((connection) => copyToParquet(connection, from, columns, target)),
    );
    await syncFile(target);
    await syncFolder(join(place.folder, "data"));
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
  return { path, rows: rowsOf(frame), sizeBytes: (await stat(target)).size };
}

async function copyToParquet(
  connection: DuckDBConnection,
  from: string,
  columns: readonly TableColumn[],
  target: string,
): Promise<void> {
  const select = columns.map(({ name, type }) => `${sqlName(name)}::${sqlType[type]} AS ${sqlName(name)}`).join(", ");
  const ids = columns.map(({ id, name }) => `${sqlName(name)}: ${id}`).join(", ");
  await connection.run(
    `COPY (SELECT ${select} FROM ${from}) TO ${sqlText(target)} (FORMAT parquet, COMPRESSION zstd, FIELD_IDS {${ids}})`,
  );
}
