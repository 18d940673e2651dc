// Versions of a table's metadata on disk. A commit creates the next version's file, which only one writer can; the file appears
// whole or not at all, and never changes. A killed writer leaves at most files that nobody names.
import { randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { quote } from "../../core/check.ts";
import { newTable, type TableMetadata } from "./table-metadata.ts";
import type { TablePlace } from "./table-name.ts";

export interface TableVersion {
  /** 0 before the first commit. */
  readonly version: number;
  readonly table: TableMetadata;
}

/** The newest committed version; version 0 with no snapshots where there is no table. */
export async function readTableVersion({ name, folder }: TablePlace): Promise<TableVersion> {
  const version = Math.max(0, ...(await versionsIn(folder)));
  if (version === 0) return { version, table: newTable(name) };
  const table = JSON.parse(await readFile(versionFile(folder, version), "utf8")) as TableMetadata;
  if (table.format === "cellwright-table" && table.formatVersion === 1) return { version, table };
  throw new Error(
    `Cannot read table ${name}: found format ${quote(table.format)} version ${table.formatVersion}, expected cellwright-table version 1`,
  );
}

/** Commits a table as the version after `version`. False when another writer was first. */
export async function commitTable({ folder }: TablePlace, version: number, table: TableMetadata): Promise<boolean> {
  const metadata = join(folder, "metadata");
  await mkdir(metadata, { recursive: true });
  const draft = join(metadata, `.${randomUUID()}.tmp`);
  try {
    await writeSynced(draft, `${JSON.stringify(table, null, 1)}\n`);
    await link(draft, versionFile(folder, version + 1));
    await syncFolder(metadata);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Makes a file that another library wrote, and its name, survive a loss of power. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The same for the names in a folder; systems that cannot sync folders need it not. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, "wx");
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function versionsIn(folder: string): Promise<number[]> {
  const names = await readdir(join(folder, "metadata")).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
  return names.flatMap((name) => Number(/^v(\d+)\.json$/.exec(name)?.[1] ?? 0));
}

function versionFile(folder: string, version: number): string {
  return join(folder, "metadata", `v${version}.json`);
}
