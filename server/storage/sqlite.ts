// The embedded engine: one file, one thread that writes it, one that reads long, and a connection here for short reads.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import { Kysely, SqliteDialect } from "kysely";
import { builtModule } from "./built-module.ts";
import type { Database, DatabaseOptions } from "./database.ts";
import { DatabaseClosedError } from "./errors.ts";
import { appliedMigrations, applyMigrations, type MigrateParts, pendingMigrations } from "./migrate.ts";
import type { EngineTypes, Migration } from "./migrations/migration.ts";
import { type Connection, openConnection } from "./sqlite/connection.ts";
import { createReader } from "./sqlite/reader.ts";
import { startWriter } from "./sqlite/writer.ts";
import { syncFolder } from "./sync-folder.ts";
import type { Tables } from "./tables.ts";

const engine: EngineTypes = { integer: "integer", real: "real", serial: "integer", tableOptions: "strict" };

export async function openSqlite(
  options: DatabaseOptions & { readonly migrations: readonly Migration[] },
): Promise<Database> {
  const { url: file, transactionModules, backups = join(dirname(file), "backups"), migrations } = options;
  await makePrivate(file);
  await migrateFile(backups, { place: file, engine, migrations, clock: Date.now });
  const modules = transactionModules.map((url) => builtModule(url).href);
  const writer = await startWriter({ file, modules });
  const reader = createReader({ file });
  const connection = openConnection(file, { readOnly: true });
  const query = kyselyOver(connection);
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await reader.close();
    await query.destroy();
    await writer.close(); // last: it folds the log into the file
  };
  return {
    query,
    transact: (name, args) => writer.run(name, args) as never,
    readLong: ({ sql, parameters }, { pageRows = 500 } = {}) => reader.read(sql, parameters, pageRows),
    close: () => (closed ??= close()),
  };
}

/**
 * The file holds access keys: it is its owner's alone, and so are the log files that SQLite makes after its mode. A file that is
 * there is not opened: closing it would drop the locks of every connection this process has to it, and another process would
 * take the log away from under them.
 */
async function makePrivate(file: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(file)) return;
  closeSync(openSync(file, "a", 0o600));
  await syncFolder(dirname(file));
}

/** One at a time in this process, where waiting for the file would wait for ourselves. */
let migrating: Promise<unknown> = Promise.resolve();
function migrateFile(backups: string, parts: MigrateParts): Promise<void> {
  const mine = migrating.then(() => migrateAlone(backups, parts));
  migrating = mine.catch(() => {});
  return mine;
}

async function migrateAlone(backups: string, parts: MigrateParts): Promise<void> {
  const connection = openConnection(parts.place);
  const db = kyselyOver(connection);
  try {
    const applied = await appliedMigrations(db);
    if (pendingMigrations(parts.place, parts.migrations, applied).length === 0) return;
    if (applied.length > 0) await backUp(connection, backups, applied.at(-1)!);
    await inTransaction(connection, () => applyMigrations(db, parts));
  } finally {
    await db.destroy();
  }
}

/** A consistent copy, on the disk before anything changes. */
async function backUp(connection: Connection, backups: string, version: string): Promise<void> {
  mkdirSync(backups, { recursive: true });
  const copy = freeName(backups, `cellwright-${version}-${new Date().toISOString().replace(/[:.]/g, "-")}`);
  closeSync(openSync(copy, "wx", 0o600));
  connection.prepare("vacuum into ?").run([copy]);
  const file = openSync(copy, "r+");
  fsyncSync(file);
  closeSync(file);
  await syncFolder(backups);
}

function freeName(folder: string, name: string): string {
  for (let n = 0; ; n++) {
    const path = join(folder, n === 0 ? `${name}.db` : `${name}-${n}.db`);
    if (!existsSync(path)) return path;
  }
}

async function inTransaction(connection: Connection, work: () => Promise<void>): Promise<void> {
  connection.exec("begin immediate");
  try {
    await work();
    connection.exec("commit");
  } catch (error) {
    if (connection.inTransaction) connection.exec("rollback");
    throw error;
  }
}

function kyselyOver(connection: Connection): Kysely<Tables> {
  let open = true;
  const database = {
    prepare(sql: string) {
      if (!open) throw new DatabaseClosedError("Cannot read the database: it is closed");
      return connection.prepare(sql);
    },
    close() {
      open = false;
      connection.close();
    },
  };
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
}
