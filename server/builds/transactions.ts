// What builds write. Runs in the writer thread; each is all or nothing.
import type { Kysely } from "kysely";
import type { BuildTable, Tables } from "../storage/tables.ts";
import type { Transactions } from "../storage/transaction.ts";

export const transactions = {
  /** False when the model has this build already. */
  "insert-build": async (tx: Kysely<Tables>, row: BuildTable): Promise<boolean> => {
    const insert = tx.insertInto("build").values(row);
    const made = insert.onConflict((on) => on.columns(["model_id", "id"]).doNothing()).returning("id");
    return (await made.executeTakeFirst()) !== undefined;
  },

  /** The same attempt again takes the place of the one before. */
  "note-failed-build": async (tx: Kysely<Tables>, row: BuildTable): Promise<void> => {
    const { log, comment, created_at, updated_at, created_by } = row;
    const insert = tx.insertInto("build").values(row);
    await insert
      .onConflict((on) =>
        on.columns(["model_id", "id"]).doUpdateSet({ log, comment, created_at, updated_at, created_by }),
      )
      .execute();
  },
} satisfies Transactions;
