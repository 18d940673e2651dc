// A libsql connection as Kysely wants one: statements are kept, values are made fit for the engine, its complaints are ours.
// libsql ends the whole process when it is handed a boolean or an object, so no value goes to it unseen.
import Libsql from "libsql";
import { sqliteError } from "./sqlite-error.ts";

export interface ConnectionOptions {
  /** Writes are refused. Default false. */
  readonly readOnly?: boolean;
}

/** Rows as arrays; `next` gives undefined at the end. */
export interface Cursor {
  readonly columns: readonly string[];
  next(): unknown[] | undefined;
  /** Lets go of the rows not yet read; without it an unfinished cursor keeps the log from being folded into the file. */
  close(): void;
}

interface Statement {
  readonly reader: boolean;
  all(parameters: readonly unknown[]): unknown[];
  run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>;
}

export interface Connection {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  readonly inTransaction: boolean;
  openCursor(sql: string, parameters: readonly unknown[]): Cursor;
  close(): void;
}

const keptStatements = 200;

export function openConnection(file: string, { readOnly = false }: ConnectionOptions = {}): Connection {
  const db = guarded(() => new Libsql(file));
  const exec = (sql: string): void => guarded(() => void db.exec(sql));
  for (const pragma of pragmas) guarded(() => db.prepare(`pragma ${pragma}`).all());
  if (readOnly) exec("pragma query_only = on");
  const kept = new Map<string, Statement>();
  const fresh = (sql: string): Statement => statementOf(guarded(() => db.prepare<unknown[]>(sql)));
  return {
    exec,
    prepare(sql) {
      const known = kept.get(sql);
      if (known) return known;
      const statement = { ...fresh(sql), iterate: (parameters: readonly unknown[]) => fresh(sql).iterate(parameters) };
      if (kept.size >= keptStatements) kept.delete(kept.keys().next().value!);
      kept.set(sql, statement);
      return statement;
    },
    get inTransaction() {
      return db.inTransaction;
    },
    openCursor: (sql, parameters) => openCursor(db, sql, parameters),
    close: () => void db.close(),
  };
}

/** FULL: what was acknowledged survives the loss of power, not only of the process. */
const pragmas: readonly string[] = [
  "busy_timeout = 5000",
  "journal_mode = wal",
  "synchronous = full",
  "foreign_keys = on",
  "wal_autocheckpoint = 4000",
  "journal_size_limit = 67108864",
  "cache_size = -16384",
  "temp_store = memory",
];

function statementOf(statement: Libsql.Statement<unknown[]>): Statement {
  return {
    reader: statement.reader,
    all: (parameters) => guarded(() => statement.all(toEngine(parameters) as unknown[])),
    run: (parameters) => guarded(() => statement.run(toEngine(parameters) as unknown[])),
    iterate: (parameters) => guarded(() => statement.iterate(toEngine(parameters) as unknown[])),
  };
}

/** A statement is let go of by running it again: with its last parameter, the limit, at 0 that costs nothing. */
function openCursor(db: Libsql.Database, sql: string, parameters: readonly unknown[]): Cursor {
  const statement = guarded(() => db.prepare<unknown[]>(`select * from (${sql}) limit ?`).raw());
  const values = toEngine(parameters);
  const rows = guarded(() => statement.iterate([...values, -1] as unknown as unknown[]));
  return {
    columns: statement.columns().map(({ name }) => name),
    next() {
      const { value, done } = guarded(() => rows.next());
      return done ? undefined : (value as unknown[]);
    },
    close: () => void guarded(() => statement.all([...values, 0])),
  };
}

/** Whole numbers are bound as integers (libsql binds every number as a real, and 7 / 2.0 is no integer), booleans as 0 and 1. */
export function toEngine(parameters: readonly unknown[]): readonly unknown[] {
  return parameters.map((value) => {
    switch (typeof value) {
      case "string":
        return value;
      case "number":
        return Number.isSafeInteger(value) ? BigInt(value) : finite(value);
      case "boolean":
        return value ? 1n : 0n;
      case "undefined":
        return null;
      case "bigint":
        return BigInt.asIntN(64, value) === value ? value : refuse(value);
      default:
        return value === null ? null : refuse(value);
    }
  });
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : refuse(value);
}

function refuse(value: unknown): never {
  const found = typeof value === "object" ? "an object" : String(value);
  throw new TypeError(`Cannot bind a value: found ${found}, expected text, a finite number, a boolean or null`);
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw sqliteError(error);
  }
}
