// What every engine promises, as one suite: SQLite runs it in `npm test`, a real Postgres in the peers' tests.
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Database, type DatabaseOptions, openDatabase } from "../../../server/storage/database.ts";
import { InvalidRowError, NewerDatabaseError, UniqueViolationError } from "../../../server/storage/errors.ts";
import { migrations } from "../../../server/storage/migrations/index.ts";
import type { Migration } from "../../../server/storage/migrations/migration.ts";

export const ledger = new URL("./ledger-transactions.mjs", import.meta.url);

export interface Place {
  readonly url: string;
  remove(): Promise<void>;
}

/** @param newPlace an empty database */
export function databaseSuite(engine: string, newPlace: () => Promise<Place>): void {
  let place: Place;
  let db: Database;

  beforeAll(async () => {
    place = await newPlace();
    db = await openDatabase({ url: place.url, transactionModules: [ledger] });
  });
  beforeEach(async () => {
    for (const { id } of await db.query.selectFrom("token").select("id").execute()) {
      await db.transact("delete-quickly", { id });
    }
  });
  afterAll(async () => {
    await db?.close();
    await place?.remove();
  });

  const ids = async (): Promise<string[]> =>
    (await db.query.selectFrom("token").select("id").orderBy("id").execute()).map(({ id }) => id);

  describe(`transactions on ${engine}`, () => {
    test("a result comes back and its row is there to be read", async () => {
      expect(await db.transact("insert", { id: "a" })).toEqual({ inserted: "a" });
      expect(await ids()).toEqual(["a"]);
    });

    test("a throw undoes its own transaction alone and keeps name and message", async () => {
      const [first, second, third] = await Promise.allSettled([
        db.transact("insert", { id: "a" }),
        db.transact("insert-then-throw", { id: "b" }),
        db.transact("insert", { id: "c" }),
      ]);
      expect([first.status, third.status]).toEqual(["fulfilled", "fulfilled"]);
      expect(second).toMatchObject({
        reason: { name: "NotFoundError", message: 'Cannot keep "b": found a reason, expected none' },
      });
      expect(await ids()).toEqual(["a", "c"]);
    });

    test("a taken key is a UniqueViolationError that names table and column, not the value", async () => {
      await db.transact("insert", { id: "secret-id" });
      const again = await db.transact("insert", { id: "secret-id", hash: "other" }).catch((error: unknown) => error);
      expect(again).toBeInstanceOf(UniqueViolationError);
      expect(again).toMatchObject({ table: "token", columns: ["id"] });
      expect((again as Error).message).toBe("Cannot write to token: found a row with the same id, expected a new one");
    });

    test("a reference to nothing, a missing value and a value of another type are refused", async () => {
      await expect(db.transact("insert-route", {})).rejects.toBeInstanceOf(InvalidRowError);
      await expect(db.transact("insert", { id: "a", scopes: null })).rejects.toBeInstanceOf(InvalidRowError);
      await expect(db.transact("insert", { id: "a", created_at: "noon" })).rejects.toBeInstanceOf(InvalidRowError);
      expect(await ids()).toEqual([]);
    });

    test("two queries at once: when one fails, the other is undone too", async () => {
      await expect(db.transact("insert-two-at-once", { first: "a", second: "a" })).rejects.toBeInstanceOf(
        UniqueViolationError,
      );
      expect(await ids()).toEqual([]);
    });

    test("a query nobody waited for does not run outside its transaction", async () => {
      const [lost] = await Promise.allSettled([
        db.transact("forget-to-await", { id: "a" }),
        db.transact("insert", { id: "b" }),
        db.transact("insert", { id: "c" }),
      ]);
      expect(lost.status).toBe("rejected");
      expect(await ids()).toEqual(["b", "c"]);
    });

    test("fifty increments of one row at once lose none", async () => {
      await db.transact("insert", { id: "counter" });
      const seen = await Promise.all(Array.from({ length: 50 }, () => db.transact("increment", { id: "counter" })));
      expect(seen.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    });

    test("a result that is not plain data undoes the transaction", async () => {
      await expect(db.transact("return-a-function", { id: "a" })).rejects.toThrow(/could not be cloned/);
      expect(await ids()).toEqual([]);
    });

    test("a prepared insert takes its arguments by name; one that fails leaves the others", async () => {
      const outcomes = await Promise.allSettled(
        [
          { id: "a", hash: "1", expires_at: 5 },
          { id: "b", hash: "1", expires_at: null },
          { id: "c", hash: "2", expires_at: undefined },
        ].map((args) => db.transact("insert-quickly", args)),
      );
      expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(1);
      expect(outcomes[0]).toEqual({ status: "fulfilled", value: undefined });
      const rows = await db.query.selectFrom("token").select(["id", "hash", "expires_at"]).orderBy("id").execute();
      expect(rows).toEqual([
        { id: "a", hash: "1", expires_at: 5 },
        { id: "c", hash: "2", expires_at: null },
      ]);
    });

    test("an unknown transaction is named", async () => {
      await expect(db.transact("paint", {})).rejects.toThrow('Cannot run transaction "paint": no module declares it');
    });
  });

  describe(`reads on ${engine}`, () => {
    const fill = (count: number): Promise<unknown> =>
      Promise.all(
        Array.from({ length: count }, (_, i) =>
          db.transact("insert-quickly", { id: `row ${String(i).padStart(5, "0")}`, hash: `${i}`, expires_at: i }),
        ),
      );

    test("a write through a read is refused", async () => {
      await expect(db.query.deleteFrom("token").execute()).rejects.toThrow();
    });

    test("a long read comes in pages, in order, and its last page is what is left", async () => {
      await fill(1203);
      const sizes: number[] = [];
      const read: (number | null)[] = [];
      const query = db.query.selectFrom("token").select(["expires_at", "id"]).orderBy("id").compile();
      for await (const page of db.readLong(query, { pageRows: 500 })) {
        sizes.push(page.length);
        read.push(...page.map(({ expires_at }) => expires_at));
      }
      expect(sizes).toEqual([500, 500, 203]);
      expect(read).toEqual(Array.from({ length: 1203 }, (_, i) => i));
    });

    test("a long read of nothing has no page, one with arguments finds its rows", async () => {
      await fill(40);
      const pagesOf = async (above: number): Promise<number[]> => {
        const sizes: number[] = [];
        const query = db.query.selectFrom("token").select("id").where("expires_at", ">=", above).compile();
        for await (const page of db.readLong(query, { pageRows: 10 })) sizes.push(page.length);
        return sizes;
      };
      expect(await pagesOf(40)).toEqual([]);
      expect(await pagesOf(20)).toEqual([10, 10]);
    });

    test("long reads left early and long reads at once do not disturb each other", async () => {
      await fill(300);
      const query = db.query.selectFrom("token").select("id").orderBy("id").compile();
      const firstOf = async (): Promise<string | undefined> => {
        for await (const page of db.readLong(query, { pageRows: 7 })) return page[0]?.id;
      };
      const countOf = async (): Promise<number> => {
        let count = 0;
        for await (const page of db.readLong(query, { pageRows: 11 })) count += page.length;
        return count;
      };
      expect(await Promise.all([firstOf(), countOf(), firstOf(), countOf()])).toEqual([
        "row 00000",
        300,
        "row 00000",
        300,
      ]);
    });

    test("a long read of a table that is not there fails where it is consumed", async () => {
      const query = sql`select * from nowhere`.compile(db.query);
      await expect(db.readLong(query)[Symbol.asyncIterator]().next()).rejects.toThrow(/nowhere/);
    });

    test("whole numbers divide as whole numbers; counts and sums are numbers", async () => {
      await fill(3);
      const { rows } = await sql<Record<string, unknown>>`
        select (expires_at * 7) / ${2} as half, expires_at > ${0} as positive from token order by id`.execute(db.query);
      expect(rows.map(({ half }) => half)).toEqual([0, 3, 7]);
      const { count, sum, mean } = await db.query
        .selectFrom("token")
        .select(({ fn }) => [
          fn.countAll<number>().as("count"),
          fn.sum<number>("expires_at").as("sum"),
          fn.avg<number>("expires_at").as("mean"),
        ])
        .executeTakeFirstOrThrow();
      expect({ count, sum, mean }).toEqual({ count: 3, sum: 3, mean: 1 });
    });

    test("times of this century keep every millisecond", async () => {
      const at = 4_102_444_800_123;
      await db.transact("insert", { id: "a", created_at: at });
      expect(await db.query.selectFrom("token").select("created_at").execute()).toEqual([{ created_at: at }]);
    });
  });

  describe(`opening on ${engine}`, () => {
    const open = (url: string, more: Partial<DatabaseOptions> = {}): Promise<Database> =>
      openDatabase({ url, transactionModules: [ledger], ...more });
    const later: Migration = {
      name: "9001-colour",
      up: async (tables, { integer }) => {
        await tables.schema.alterTable("token").addColumn("colour", integer).execute();
      },
    };

    test("every table says whose its rows are", async () => {
      const tables = await db.query.introspection.getTables();
      const owned = tables.filter(({ name }) => name !== "migration");
      expect(owned.length).toBeGreaterThan(5);
      for (const { name, columns } of owned) {
        const names = columns.map((column) => column.name);
        expect(names, name).toEqual(expect.arrayContaining(["project", "created_by"]));
      }
    });

    test("close waits for what was asked for, and nothing is taken after it", async () => {
      const own = await newPlace();
      const first = await open(own.url);
      const asked = Array.from({ length: 20 }, (_, i) => first.transact("insert", { id: `${i}` }));
      await first.close();
      await expect(first.transact("insert", { id: "late" })).rejects.toMatchObject({ name: "DatabaseClosedError" });
      expect(await Promise.all(asked)).toHaveLength(20);
      const second = await open(own.url);
      expect(await second.query.selectFrom("token").select("id").execute()).toHaveLength(20);
      await second.close();
      await own.remove();
    });

    test("a migration keeps the rows there are; its second opening changes nothing", async () => {
      const own = await newPlace();
      const before = await open(own.url);
      await before.transact("insert", { id: "a" });
      await before.close();
      for (let time = 0; time < 2; time++) {
        const after = await open(own.url, { migrations: [...migrations, later] });
        expect(await after.query.selectFrom("token").selectAll().execute()).toMatchObject([{ id: "a", colour: null }]);
        const applied = await after.query.selectFrom("migration").select("name").orderBy("name").execute();
        expect(applied.map(({ name }) => name)).toEqual([...migrations.map(({ name }) => name), "9001-colour"]);
        await after.close();
      }
      await own.remove();
    });

    test("a database of a newer version is refused with both names", async () => {
      const own = await newPlace();
      await (await open(own.url, { migrations: [...migrations, later] })).close();
      const refused = await open(own.url).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(NewerDatabaseError);
      expect((refused as Error).message).toContain(
        `: found migration 9001-colour of a newer Cellwright, expected none after ${migrations.at(-1)!.name}`,
      );
      await own.remove();
    });

    test("a migration that fails leaves the tables as they were", async () => {
      const own = await newPlace();
      await (await open(own.url)).close();
      const broken: Migration = {
        name: "9002-broken",
        up: async (tables) => {
          await tables.schema.createTable("half").addColumn("id", "text").execute();
          throw new Error("out of luck");
        },
      };
      await expect(open(own.url, { migrations: [...migrations, later, broken] })).rejects.toThrow("out of luck");
      const after = await open(own.url);
      const tables = await after.query.introspection.getTables();
      expect(tables.map(({ name }) => name)).not.toContain("half");
      await after.close();
      await own.remove();
    });

    test("two that open an empty database at once both find its tables", async () => {
      const own = await newPlace();
      const both = await Promise.all([open(own.url), open(own.url)]);
      await Promise.all(both.map((one, i) => one.transact("insert", { id: `${i}` })));
      expect(await both[0].query.selectFrom("token").select("id").execute()).toHaveLength(2);
      await Promise.all(both.map((one) => one.close()));
      await own.remove();
    });
  });
}
