import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import { describe, expect, test } from "vitest";
import type { Tables } from "../../../server/storage/tables.ts";
import { bind, isPrepared, prepared } from "../../../server/storage/transaction.ts";

const db = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (its) => new PostgresIntrospector(its),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

describe("prepared", () => {
  test("compiles once; arguments go where they are named, constants stay", () => {
    const rename = prepared<{ id: string; subject: string; now: number }>((tx, arg) =>
      tx
        .updateTable("token")
        .set({ subject: arg("subject"), expires_at: null, scopes: "[]" })
        .where("id", "=", arg("id"))
        .where("expires_at", ">", arg("now")),
    );
    const { sql, parameters } = rename.compile(db).compile();
    expect(sql).toBe(
      'update "token" set "subject" = $1, "expires_at" = $2, "scopes" = $3 where "id" = $4 and "expires_at" > $5',
    );
    expect(bind(parameters, { now: 7, id: "a", subject: "s" })).toEqual(["s", null, "[]", "a", 7]);
    expect(bind(parameters, { now: 8, id: "b", subject: "t" })).toEqual(["t", null, "[]", "b", 8]);
  });

  test("an argument used twice is bound twice", () => {
    const both = prepared<{ at: number }>((tx, arg) =>
      tx.deleteFrom("token").where("created_at", "<", arg("at")).where("expires_at", "<", arg("at")),
    );
    expect(bind(both.compile(db).compile().parameters, { at: 3 })).toEqual([3, 3]);
  });

  test("a function is told from a prepared statement", () => {
    expect(isPrepared(async () => {})).toBe(false);
    expect(isPrepared(prepared((tx) => tx.deleteFrom("token")))).toBe(true);
  });
});
