// What only the embedded engine can be put through.
import { sql } from "../../../node_modules/kysely/dist/esm/index.js";

export const transactions = {
  "limit-pages": async (tx, pages) => {
    await sql.raw(`pragma max_page_count = ${pages}`).execute(tx);
  },
  "count-pages": async (tx) => (await sql`pragma page_count`.execute(tx)).rows[0].page_count,
  "leave-query-behind": async (tx) => {
    tx.selectFrom("token")
      .selectAll()
      .execute()
      .then(() => tx.selectFrom("nowhere").selectAll().execute());
  },
  "end-thread": async () => process.exit(3),
};
