// What applications write. Runs in the writer thread; each is all or nothing.
import type { Kysely } from "kysely";
import type { ApplicationTable, Tables } from "../storage/tables.ts";
import type { Transactions } from "../storage/transaction.ts";

/** What may change of an application; what is absent stays. */
export type ApplicationUpdate = Pick<ApplicationTable, "id" | "updated_at"> &
  Partial<
    Pick<
      ApplicationTable,
      "description" | "file" | "environment" | "memory_mb" | "bypass_authentication" | "desired" | "problem"
    >
  >;

export const transactions = {
  /** False when an application has this name. */
  "insert-application": async (tx: Kysely<Tables>, row: ApplicationTable): Promise<boolean> => {
    const insert = tx.insertInto("application").values(row);
    const made = insert.onConflict((on) => on.column("name").doNothing()).returning("id");
    return (await made.executeTakeFirst()) !== undefined;
  },

  "update-application": async (tx: Kysely<Tables>, { id, ...changes }: ApplicationUpdate): Promise<void> => {
    await tx.updateTable("application").set(changes).where("id", "=", id).execute();
  },

  "delete-application": async (tx: Kysely<Tables>, { id }: { id: string }): Promise<void> => {
    await tx.deleteFrom("application").where("id", "=", id).execute();
  },
} satisfies Transactions;
