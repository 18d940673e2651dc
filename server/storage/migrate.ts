// Brings the tables of an open database up to date. Which migrations are still to come is decided purely; the engines differ
// only in how they hold others off and what they do before the first step.
import { type Kysely, sql } from "kysely";
import { NewerDatabaseError } from "./errors.ts";
import type { EngineTypes, Migration } from "./migrations/migration.ts";
import type { Tables } from "./tables.ts";

export interface MigrateParts {
  /** For messages: the file, or host and name. */
  readonly place: string;
  readonly engine: EngineTypes;
  readonly migrations: readonly Migration[];
  readonly clock: () => number;
}

/**
 * The migrations that a database has not been through, in order.
 *
 * @throws NewerDatabaseError it has been through one that is not known here
 */
export function pendingMigrations(
  place: string,
  known: readonly Migration[],
  applied: readonly string[],
): readonly Migration[] {
  const names = new Set(known.map(({ name }) => name));
  const foreign = applied.find((name) => !names.has(name));
  if (foreign) {
    throw new NewerDatabaseError(
      `Cannot open ${place}: found migration ${foreign} of a newer Cellwright, expected none after ${known.at(-1)?.name}; ` +
        "start the newer version, or restore a copy from the backups",
    );
  }
  return known.filter(({ name }) => !applied.includes(name));
}

/** Empty where no Cellwright has been yet. */
export async function appliedMigrations(db: Kysely<Tables>): Promise<string[]> {
  const tables = await db.introspection.getTables();
  if (!tables.some(({ name }) => name === "migration")) return [];
  const rows = await db.selectFrom("migration").select("name").orderBy("name").execute();
  return rows.map(({ name }) => name);
}

/** Runs in a transaction of the caller's that holds all others off; looks again at what is applied, for one may have come before. */
export async function applyMigrations(db: Kysely<Tables>, parts: MigrateParts): Promise<void> {
  const { place, engine, migrations, clock } = parts;
  const applied = await appliedMigrations(db);
  if (applied.length === 0) await makeMigrationTable(db, engine);
  for (const migration of pendingMigrations(place, migrations, applied)) {
    await migration.up(db, engine);
    await db.insertInto("migration").values({ name: migration.name, applied_at: clock() }).execute();
  }
}

async function makeMigrationTable(db: Kysely<Tables>, engine: EngineTypes): Promise<void> {
  const table = db.schema
    .createTable("migration")
    .ifNotExists()
    .addColumn("name", "text", (column) => column.notNull().primaryKey())
    .addColumn("applied_at", engine.integer, (column) => column.notNull());
  await (engine.tableOptions ? table.modifyEnd(sql.raw(engine.tableOptions)) : table).execute();
}
