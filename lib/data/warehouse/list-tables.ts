// What the warehouse holds: databases, tables, snapshots.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { warehouseFolder } from "../../core/settings.ts";
import { currentSnapshot } from "./table-metadata.ts";
import { tablePlace } from "./table-name.ts";
import { readTableVersion } from "./table-store.ts";

export interface TableSummary {
  /** `default.telco_churn`. */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** Id of the newest snapshot. */
  readonly snapshot: string;
  readonly writtenAt: Date;
}

/** Names of the databases, sorted. */
export async function listDatabases(): Promise<string[]> {
  const tables = await listTables();
  return [...new Set(tables.map(({ name }) => name.slice(0, name.indexOf("."))))];
}

/**
 * Tables sorted by name.
 *
 * @param database default: of all databases
 */
export async function listTables(database?: string): Promise<TableSummary[]> {
  const root = warehouseFolder();
  const databases = (await foldersIn(root)).filter((name) => database === undefined || name === database);
  const places = await Promise.all(
    databases.map(async (name) => (await foldersIn(join(root, name))).map((table) => `${name}.${table}`)),
  );
  const tables = await Promise.all(places.flat().map(summaryOf));
  return tables.filter((table) => table !== undefined);
}

async function summaryOf(name: string): Promise<TableSummary | undefined> {
  const { table } = await readTableVersion(tablePlace(name));
  const snapshot = currentSnapshot(table);
  if (!snapshot) return undefined; // a writer died before its first commit
  return {
    name,
    rows: snapshot.rows,
    columns: table.schemas[snapshot.schema]!.length,
    snapshot: snapshot.id,
    writtenAt: new Date(snapshot.timestampMs),
  };
}

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && /^[A-Za-z_][A-Za-z0-9_]*$/.test(entry.name) && entry.name !== "raw")
    .map((entry) => entry.name)
    .sort();
}
