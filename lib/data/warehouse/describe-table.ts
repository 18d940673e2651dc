// One table: its columns, its size, its history.

import type { TableSchema } from "../../frame/field-type.ts";
import { requireTable } from "./read-table.ts";
import { filesOf, schemaOfColumns, snapshotOf, type TableColumn, type WriteMode } from "./table-metadata.ts";
import { tablePlace } from "./table-name.ts";

export interface TableDescription {
  readonly name: string;
  readonly folder: string;
  readonly columns: readonly TableColumn[];
  readonly schema: TableSchema;
  readonly snapshot: string;
  readonly rows: number;
  readonly files: number;
  readonly sizeBytes: number;
}

/** @throws RangeError no such table */
export async function describeTable(name: string): Promise<TableDescription> {
  const place = tablePlace(name);
  const { table } = await requireTable(place);
  const snapshot = snapshotOf(table, undefined);
  const files = filesOf(table, snapshot);
  const columns = table.schemas[snapshot.schema]!;
  return {
    name: place.name,
    folder: place.folder,
    columns,
    schema: schemaOfColumns(columns),
    snapshot: snapshot.id,
    rows: snapshot.rows,
    files: files.length,
    sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
  };
}

export interface SnapshotSummary {
  readonly snapshot: string;
  readonly operation: WriteMode;
  /** Rows of the table as of this snapshot. */
  readonly rows: number;
  readonly addedRows: number;
  readonly writtenAt: Date;
  readonly current: boolean;
}

/**
 * Snapshots of a table, newest first.
 *
 * @throws RangeError no such table
 */
export async function listSnapshots(name: string): Promise<SnapshotSummary[]> {
  const { table } = await requireTable(tablePlace(name));
  const current = snapshotOf(table, undefined).id;
  return table.snapshots
    .map(({ id, operation, rows, added, timestampMs }) => ({
      snapshot: id,
      operation,
      rows,
      addedRows: added.reduce((sum, file) => sum + file.rows, 0),
      writtenAt: new Date(timestampMs),
      current: id === current,
    }))
    .reverse();
}
