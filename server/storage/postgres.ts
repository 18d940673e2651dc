// The engine to scale out with: the same promises kept by Postgres itself. Transactions are serializable and tried again when
// two collide, so a transaction reads as if it were alone, as it is in the embedded engine.
import { setTimeout as sleep } from "node:timers/promises";
import { type CompiledQuery, Kysely, PostgresDialect, sql } from "kysely";
import type pg from "pg";
import { builtModule } from "./built-module.ts";
import type { Database, DatabaseOptions } from "./database.ts";
import { DatabaseClosedError } from "./errors.ts";
import { appliedMigrations, applyMigrations, type MigrateParts, pendingMigrations } from "./migrate.ts";
import type { EngineTypes, Migration } from "./migrations/migration.ts";
import { kyselyPool, openPool, translated } from "./postgres/pools.ts";
import { isRetryable } from "./postgres/postgres-error.ts";
import { serializable } from "./postgres/serializable.ts";
import type { Tables } from "./tables.ts";
import { bind, isPrepared, loadTransactions, type Transaction } from "./transaction.ts";

const engine: EngineTypes = { integer: "bigint", real: "double precision", serial: "bigserial", tableOptions: "" };
const migrationLock = 0x43656c6c; // of those who migrate one database, one goes first
const tries = 20;

export async function openPostgres(
  options: DatabaseOptions & { readonly migrations: readonly Migration[] },
): Promise<Database> {
  const { url, transactionModules, migrations } = options;
  const writers = openPool(url, { readOnly: false });
  const readers = openPool(url, { readOnly: true });
  const write = kyselyOver(writers);
  const query = kyselyOver(readers);
  const end = async (): Promise<void> => void (await Promise.all([write.destroy(), query.destroy()]));
  try {
    await migrate(write, { place: placeOf(url), engine, migrations, clock: Date.now });
    const transactions = await loadTransactions(transactionModules.map((module) => builtModule(module).href));
    const runs = new Map([...transactions].map(([name, one]) => [name, runOf(name, one, write, writers)]));
    const working = new Set<Promise<unknown>>();
    let closed: Promise<void> | undefined;
    return {
      query,
      transact(name, args) {
        if (closed) return Promise.reject(new DatabaseClosedError("Cannot write to the database: it is closed"));
        const run = (runs.get(name) ?? unknown(name))(args).finally(() => working.delete(run));
        working.add(run);
        return run as never;
      },
      readLong: (compiled, { pageRows = 500 } = {}) => readPages(readers, compiled, pageRows),
      close: () => (closed ??= Promise.allSettled(working).then(end)),
    };
  } catch (error) {
    await end();
    throw error;
  }
}

type Run = (args: unknown) => Promise<unknown>;

function runOf(name: string, transaction: Transaction, db: Kysely<Tables>, pool: pg.Pool): Run {
  if (!isPrepared(transaction)) {
    return (args) => again(() => serializable(pool, async (tx) => plain(await transaction(tx, args))));
  }
  const { sql: text, parameters } = transaction.compile(db).compile();
  // Alone it is a transaction already: one round trip, prepared once a connection.
  return (args) =>
    again(() => translated(() => pool.query({ name, text, values: bind(parameters, args) })).then(() => undefined));
}

/** What could not cross a thread is no result here either. */
function plain<T>(value: T): T {
  return structuredClone(value);
}

async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === tries || !isRetryable(error)) throw error;
      await sleep(Math.random() * 2 ** Math.min(attempt, 7));
    }
  }
}

async function* readPages<T>(pool: pg.Pool, query: CompiledQuery<T>, pageRows: number): AsyncGenerator<T[]> {
  const client = await translated(() => pool.connect());
  try {
    await translated(() => client.query("begin"));
    await translated(() =>
      client.query(`declare page no scroll cursor for ${query.sql}`, query.parameters as unknown[]),
    );
    for (;;) {
      const { rows } = await translated(() => client.query(`fetch ${pageRows} from page`));
      if (rows.length > 0) yield rows as T[];
      if (rows.length < pageRows) return;
    }
  } finally {
    const broken = await client.query("rollback").then(
      () => false,
      () => true,
    );
    client.release(broken);
  }
}

async function migrate(db: Kysely<Tables>, parts: MigrateParts): Promise<void> {
  const pending = pendingMigrations(parts.place, parts.migrations, await appliedMigrations(db));
  if (pending.length === 0) return;
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${sql.lit(migrationLock)})`.execute(tx);
    await applyMigrations(tx, parts);
  });
}

/** For messages: without user and password. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `postgres://${host}${pathname}`;
}

function kyselyOver(pool: pg.Pool): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: kyselyPool(pool) }) });
}

function unknown(name: string): Run {
  return async () => {
    throw new TypeError(`Cannot run transaction "${name}": no module declares it`);
  };
}
