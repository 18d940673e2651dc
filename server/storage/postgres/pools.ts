// Two pools of connections: one that may write and one that Postgres itself keeps from writing. Numbers come as numbers, and
// complaints in our words, as from the embedded engine.
import type { PostgresPool, PostgresPoolClient } from "kysely";
import pg from "pg";
import { postgresError } from "./postgres-error.ts";

export interface PoolOptions {
  readonly readOnly: boolean;
  /** Connections at most. Default 10. */
  readonly size?: number;
}

/** Whole numbers and sums arrive as text by default; ours fit a number. */
const asNumber: readonly number[] = [20, 1700]; // int8, numeric

export function openPool(url: string, { readOnly, size = 10 }: PoolOptions): pg.Pool {
  const types = {
    getTypeParser: (oid: number, format?: "text" | "binary") =>
      asNumber.includes(oid) ? Number : pg.types.getTypeParser(oid, format as "text"),
  };
  const pool = new pg.Pool({ connectionString: url, max: size, types: types as pg.CustomTypesConfig });
  pool.on("error", () => {}); // an idle connection that breaks is replaced; whoever uses one hears of it there
  if (readOnly) pool.on("connect", (client) => void client.query("set default_transaction_read_only = on"));
  return pool;
}

/** The pool as Kysely sees it. */
export function kyselyPool(pool: pg.Pool): PostgresPool {
  return {
    async connect() {
      const client = await translated(() => pool.connect());
      const query = (...args: unknown[]): Promise<unknown> => translated(() => client.query(...(args as [string])));
      return { query, release: () => client.release() } as PostgresPoolClient;
    },
    end: () => pool.end(),
  };
}

export async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw postgresError(error);
  }
}
