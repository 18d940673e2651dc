// One transaction on one connection, as if alone in the database. What the transaction forgot to await is refused once it has
// ended: the connection is somebody else's by then.
import { Kysely, PostgresDialect, type PostgresPoolClient } from "kysely";
import type pg from "pg";
import type { Tables } from "../tables.ts";
import { translated } from "./pools.ts";

export async function serializable<R>(pool: pg.Pool, work: (tx: Kysely<Tables>) => Promise<R>): Promise<R> {
  const client = await translated(() => pool.connect());
  const connection = gated(client);
  let broken = false;
  try {
    await translated(() => client.query("begin isolation level serializable"));
    const result = await work(kyselyOn(connection.client));
    await connection.close();
    await commit(client);
    return result;
  } catch (error) {
    await connection.close();
    await client.query("rollback").catch(() => {
      broken = true;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

interface Gated {
  readonly client: PostgresPoolClient;
  /** After the query that runs now; those behind it are refused. */
  close(): Promise<void>;
}

function gated(client: pg.PoolClient): Gated {
  let open = true;
  let last: Promise<unknown> = Promise.resolve();
  const query = (text: string, values: unknown[]): Promise<unknown> => {
    const mine = last.then(() => {
      if (!open) throw new Error("Cannot run a query: its transaction has ended");
      return translated(() => client.query(text, values));
    });
    last = mine.catch(() => {});
    return mine;
  };
  return {
    client: { query, release() {} } as unknown as PostgresPoolClient,
    async close() {
      open = false;
      await last;
    },
  };
}

/** Postgres answers the commit of a transaction in which something failed with a quiet rollback. */
async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await translated(() => client.query("commit"));
  if (command !== "COMMIT") throw new Error("Cannot commit: a query of the transaction failed, and it went on");
}

function kyselyOn(client: PostgresPoolClient): Kysely<Tables> {
  const pool = { connect: async () => client, end: async () => {} };
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
