// The one way to the tables: short reads here, named transactions in the writer, long reads in pages. Which engine answers is
// decided by the URL and known to this folder alone.
import type { CompiledQuery, Kysely } from "kysely";
import { migrations as allMigrations } from "./migrations/index.ts";
import type { Migration } from "./migrations/migration.ts";
import type { Tables } from "./tables.ts";
import type { TransactionName } from "./transaction.ts";

export interface Database {
  /** Short reads on this thread; a write through it is refused. */
  readonly query: Kysely<Tables>;
  /**
   * Runs a transaction that a module of `transactionModules` declares. Durable when it resolves; a throw undoes this
   * transaction alone and reaches its caller with the class name and message it had.
   */
  transact<A, R>(name: TransactionName, args: A): Promise<R>;
  /** Rows of a long read, in pages, without holding this thread up. Leaving the loop early ends the read. */
  readLong<T>(query: CompiledQuery<T>, options?: ReadLongOptions): AsyncIterable<T[]>;
  /** Waits for what was asked for, then lets go of the files. */
  close(): Promise<void>;
}

export interface ReadLongOptions {
  /** Rows a page. Default 500. */
  readonly pageRows?: number;
}

export interface DatabaseOptions {
  /** A file, or postgres://… */
  readonly url: string;
  /** Modules with `export const transactions = { "name": transaction }`; a name belongs to one module. */
  readonly transactionModules: readonly URL[];
  /** Where the copy made before a migration goes. Default `backups` beside the file. */
  readonly backups?: string;
  /** Default all of them. */
  readonly migrations?: readonly Migration[];
}

/**
 * Opens a database and brings its tables up to date.
 *
 * @throws NewerDatabaseError a newer Cellwright has written it
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const whole = { migrations: allMigrations, ...options };
  if (/^postgres(ql)?:\/\//.test(options.url)) return (await import("./postgres.ts")).openPostgres(whole);
  return (await import("./sqlite.ts")).openSqlite(whole);
}
