// Our reader of Postgres on a real server. Skipped with a line where none is found; in CI that fails.
import { afterAll, describe, expect, test } from "vitest";
import { readPostgres } from "../../lib/data/read-postgres.ts";
import { columnsOf } from "../../lib/frame/columns.ts";
import { schemaOf } from "../../lib/frame/field-type.ts";
import { rowObjectsOf } from "../../lib/frame/frame.ts";
import { startCluster } from "./postgres-cluster.ts";

const cluster = await startCluster();

if (typeof cluster === "string") {
  if (process.env["CI"]) test("Postgres is there", () => expect.unreachable(`Cannot read from Postgres: ${cluster}`));
  else test.skip(`reading from Postgres: ${cluster}`, () => {});
} else {
  afterAll(() => cluster.stop());

  describe("readPostgres", () => {
    test("gives values the types that the server says, nulls too", async () => {
      const { url } = await cluster.newDatabase();
      const frame = await readPostgres(
        url,
        `SELECT 1::int4 AS i, 9007199254740991::int8 AS l, 1.5::float8 AS d, 2.25::numeric AS n, true AS b, 'x'::text AS s,
           date '2026-01-31' AS day, timestamp '2026-01-31 12:00:00.5' AS t, timestamptz '2026-01-31 12:00:00+02' AS z
         UNION ALL SELECT null, null, null, null, null, null, null, null, null`,
      );
      expect(schemaOf(frame)).toEqual({
        i: "integer",
        l: "long",
        d: "double",
        n: "double",
        b: "boolean",
        s: "string",
        day: "date",
        t: "timestamp",
        z: "timestamp",
      });
      const [first, second] = rowObjectsOf(frame);
      expect(first).toEqual({
        i: 1,
        l: 9007199254740991,
        d: 1.5,
        n: 2.25,
        b: true,
        s: "x",
        day: new Date("2026-01-31"),
        t: new Date("2026-01-31T12:00:00.500Z"),
        z: new Date("2026-01-31T10:00:00Z"),
      });
      expect(Object.values(second!).every((value) => value === null)).toBe(true);
    });

    test("hands values over apart from the query, and writes nothing", async () => {
      const { url } = await cluster.newDatabase();
      expect(columnsOf(await readPostgres(url, "SELECT $1::text AS s", { values: ["it's"] }))["s"]).toEqual(["it's"]);
      await expect(readPostgres(url, "CREATE TABLE t (a int)")).rejects.toThrow("read-only transaction");
      await expect(readPostgres(url, "SELECT 1 AS a, 2 AS a")).rejects.toThrow('found "a" and "a"');
    });

    test("names a server that is not there, without its password", async () => {
      const error = await readPostgres("postgres://anna:secret@127.0.0.1:1/db", "SELECT 1").catch((its: Error) => its);
      expect((error as Error).message).toMatch(/^Cannot read from Postgres at "127.0.0.1:1": found /);
      expect((error as Error).message).not.toContain("secret");
    });
  });
}
