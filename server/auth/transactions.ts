// What auth writes. Runs in the writer thread.
import type { Kysely } from "kysely";
import type { Tables, TokenTable } from "../storage/tables.ts";
import type { Transactions } from "../storage/transaction.ts";

export const transactions = {
  "insert-token": async (tx: Kysely<Tables>, row: TokenTable): Promise<void> => {
    await tx.deleteFrom("token").where("expires_at", "<", row.created_at).execute();
    await tx.insertInto("token").values(row).execute();
  },
  "delete-token": async (tx: Kysely<Tables>, { id }: { id: string }): Promise<void> => {
    await tx.deleteFrom("token").where("id", "=", id).execute();
  },
  "delete-tokens-of": async (tx: Kysely<Tables>, { subject }: { subject: string }): Promise<void> => {
    await tx.deleteFrom("token").where("subject", "=", subject).execute();
  },
} satisfies Transactions;
