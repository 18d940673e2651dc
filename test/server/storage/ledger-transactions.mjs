// Transactions of the storage tests, plain JavaScript because the writer thread runs what is emitted. Rows go into `token`,
// a table that refers to no other.
import { prepared } from "../../../dist/server/storage/transaction.js";

class NotFoundError extends Error {
  name = "NotFoundError";
}

const row = (id, more = {}) => ({
  id,
  hash: id,
  scopes: "[]",
  subject: "",
  created_at: 0,
  expires_at: null,
  project: "default",
  created_by: "owner",
  ...more,
});

const insert = (tx, id, more) => tx.insertInto("token").values(row(id, more)).execute();

export const transactions = {
  insert: async (tx, { id, ...more }) => {
    await insert(tx, id, more);
    return { inserted: id };
  },

  "insert-pair": async (tx, { id }) => {
    await insert(tx, `${id}-left`);
    await insert(tx, `${id}-right`);
  },

  "insert-then-throw": async (tx, { id }) => {
    await insert(tx, id);
    throw new NotFoundError(`Cannot keep "${id}": found a reason, expected none`);
  },

  "insert-two-at-once": async (tx, { first, second }) => {
    await Promise.all([insert(tx, first), insert(tx, second)]);
  },

  "forget-to-await": async (tx, { id }) => {
    insert(tx, id)
      .then(() => insert(tx, `${id}-later`))
      .then(() => insert(tx, `${id}-still-later`))
      .catch(() => {});
    throw new Error("gone before its queries");
  },

  increment: async (tx, { id }) => {
    const { created_at } = await tx
      .selectFrom("token")
      .select("created_at")
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    await tx
      .updateTable("token")
      .set({ created_at: created_at + 1 })
      .where("id", "=", id)
      .execute();
    return created_at + 1;
  },

  "return-a-function": async (tx, { id }) => {
    await insert(tx, id);
    return () => id;
  },

  "insert-route": async (tx) => {
    await tx
      .insertInto("route")
      .values({
        id: "r",
        model_id: "nobody",
        deployment_id: "nothing",
        weight: 1,
        created_at: 0,
        project: "default",
        created_by: "owner",
      })
      .execute();
  },

  "insert-quickly": prepared((tx, arg) =>
    tx.insertInto("token").values(row(arg("id"), { hash: arg("hash"), expires_at: arg("expires_at") })),
  ),

  "delete-quickly": prepared((tx, arg) => tx.deleteFrom("token").where("id", "=", arg("id"))),
};
