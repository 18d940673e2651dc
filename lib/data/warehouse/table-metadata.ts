// What a table is: its columns by field id and its snapshots. Pure; one immutable JSON file per version holds it.
import { randomBytes } from "node:crypto";
import { listOf, quote } from "../../core/check.ts";
import type { FieldType, TableSchema } from "../../frame/field-type.ts";

export interface TableColumn {
  /** Field id, the same in every Parquet file: names may come and go, ids are never used twice. */
  readonly id: number;
  readonly name: string;
  readonly type: FieldType;
}

export interface DataFile {
  /** From the table's folder: `data/….parquet`. */
  readonly path: string;
  readonly rows: number;
  readonly sizeBytes: number;
}

export type WriteMode = "create" | "append" | "overwrite";

export interface Snapshot {
  /** 63-bit number as text of digits. */
  readonly id: string;
  readonly parent: string | null;
  readonly operation: WriteMode;
  readonly timestampMs: number;
  /** Index into `schemas`. */
  readonly schema: number;
  /** Rows of the table as of this snapshot. */
  readonly rows: number;
  /** Files this snapshot added; an append keeps its parent's too. */
  readonly added: readonly DataFile[];
}

export interface TableMetadata {
  readonly format: "cellwright-table";
  readonly formatVersion: 1;
  readonly name: string;
  readonly lastColumnId: number;
  readonly schemas: readonly (readonly TableColumn[])[];
  /** Oldest first; the last one is current. */
  readonly snapshots: readonly Snapshot[];
}

/** A table before its first write. */
export function newTable(name: string): TableMetadata {
  return { format: "cellwright-table", formatVersion: 1, name, lastColumnId: 0, schemas: [], snapshots: [] };
}

export function currentSnapshot(table: TableMetadata): Snapshot | undefined {
  return table.snapshots.at(-1);
}

/** @throws RangeError the table has no such snapshot */
export function snapshotOf(table: TableMetadata, id: string | undefined): Snapshot {
  const found = id === undefined ? currentSnapshot(table) : table.snapshots.find((snapshot) => snapshot.id === id);
  if (found) return found;
  throw new RangeError(
    `Cannot read ${table.name} at snapshot ${quote(id)}: the table has ${listOf(table.snapshots.map((s) => s.id).reverse())}`,
  );
}

/** Files that hold the rows of a snapshot, in the order they were written. */
export function filesOf(table: TableMetadata, snapshot: Snapshot): readonly DataFile[] {
  const parent = snapshot.operation === "append" && snapshot.parent ? snapshotOf(table, snapshot.parent) : undefined;
  return [...(parent ? filesOf(table, parent) : []), ...snapshot.added];
}

/** Columns that rows of this schema get in the table: known names of the same type keep their id. */
export function columnsFor(table: TableMetadata, schema: TableSchema): readonly TableColumn[] {
  const known = table.schemas.flat();
  let next = table.lastColumnId;
  return Object.entries(schema).map(([name, type]) => ({
    id: known.find((column) => column.name === name && column.type === type)?.id ?? ++next,
    name,
    type,
  }));
}

export function schemaOfColumns(columns: readonly TableColumn[]): TableSchema {
  return Object.fromEntries(columns.map(({ name, type }) => [name, type]));
}

export interface Write {
  readonly operation: WriteMode;
  readonly columns: readonly TableColumn[];
  readonly files: readonly DataFile[];
  readonly timestampMs: number;
}

/** The table after a write. */
export function withSnapshot(table: TableMetadata, { operation, columns, files, timestampMs }: Write): TableMetadata {
  const parent = currentSnapshot(table);
  const same = table.schemas.findIndex((schema) => JSON.stringify(schema) === JSON.stringify(columns));
  const schemas = same < 0 ? [...table.schemas, columns] : table.schemas;
  const added = files.reduce((sum, file) => sum + file.rows, 0);
  const snapshot: Snapshot = {
    id: newSnapshotId(),
    parent: parent?.id ?? null,
    operation,
    timestampMs: Math.max(timestampMs, parent?.timestampMs ?? 0),
    schema: same < 0 ? schemas.length - 1 : same,
    rows: added + (operation === "append" ? (parent?.rows ?? 0) : 0),
    added: files,
  };
  return {
    ...table,
    lastColumnId: Math.max(table.lastColumnId, ...columns.map(({ id }) => id)),
    schemas,
    snapshots: [...table.snapshots, snapshot],
  };
}

function newSnapshotId(): string {
  return String(randomBytes(8).readBigUInt64BE() >> 1n);
}
