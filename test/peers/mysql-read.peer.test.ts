// Our reader of MySQL on a real server. Skipped with a line where none is found; in CI that fails.
import { afterAll, describe, expect, test } from "vitest";
import { readMysql } from "../../lib/data/read-mysql.ts";
import { columnsOf } from "../../lib/frame/columns.ts";
import { schemaOf } from "../../lib/frame/field-type.ts";
import { rowObjectsOf } from "../../lib/frame/frame.ts";
import { startMysql } from "./mysql-server.ts";

const server = await startMysql();

if (typeof server === "string") {
  if (process.env["CI"]) test("MySQL is there", () => expect.unreachable(`Cannot read from MySQL: ${server}`));
  else test.skip(`reading from MySQL: ${server}`, () => {});
} else {
  afterAll(() => server.stop());

  describe("readMysql", () => {
    test("gives values the types that the server says, nulls too", async () => {
      await server.run(
        `CREATE TABLE kinds (n int, i int, u int unsigned, l bigint, d double, f float, m decimal(6,2), b boolean, s varchar(20),
           t text, day date, at datetime(3), stamp timestamp(3) NULL)`,
        `INSERT INTO kinds VALUES (1, -1, 4294967295, 9007199254740991, 1.5, 0.25, 2.25, true, 'Zoë', 'long', '2026-01-31',
           '2026-01-31 12:00:00.500', NULL)`,
        "INSERT INTO kinds (n) VALUES (2)",
      );
      const frame = await readMysql(
        server.url,
        "SELECT i, u, l, d, f, m, b, s, t, day, at, cast(from_unixtime(1769860800) AS datetime) AS stamp FROM kinds ORDER BY n",
      );
      expect(schemaOf(frame)).toEqual({
        i: "integer",
        u: "long",
        l: "long",
        d: "double",
        f: "float",
        m: "double",
        b: "boolean",
        s: "string",
        t: "string",
        day: "date",
        at: "timestamp",
        stamp: "timestamp",
      });
      const [first, second] = rowObjectsOf(frame);
      expect(first).toEqual({
        i: -1,
        u: 4294967295,
        l: 9007199254740991,
        d: 1.5,
        f: 0.25,
        m: 2.25,
        b: true,
        s: "Zoë",
        t: "long",
        day: new Date("2026-01-31"),
        at: new Date("2026-01-31T12:00:00.500Z"),
        stamp: new Date(1769860800_000),
      });
      const { stamp: _, ...others } = second!;
      expect(Object.values(others).every((value) => value === null)).toBe(true);
    });

    test("hands values over apart from the query, and writes nothing", async () => {
      const hostile = "it's \\' OR 1 = 1 -- ";
      expect(columnsOf(await readMysql(server.url, "SELECT ? AS s", { values: [hostile] }))["s"]).toEqual([hostile]);
      await expect(readMysql(server.url, "CREATE TABLE other (a int)")).rejects.toThrow("READ ONLY transaction");
      await expect(readMysql(server.url, "SELECT 1 AS a, 2 AS a")).rejects.toThrow('found "a" and "a"');
    });

    test("names a server that is not there and a password that is wrong, without it", async () => {
      const gone = await readMysql("mysql://anna:secret@127.0.0.1:1/shop", "SELECT 1").catch((its: Error) => its);
      expect((gone as Error).message).toMatch(/^Cannot read from MySQL at "127.0.0.1:1": found /);
      const wrong = await readMysql(server.url.replace("secret", "hunter2"), "SELECT 1").catch((its: Error) => its);
      expect((wrong as Error).message).toContain("Access denied");
      expect(`${(gone as Error).message}${(wrong as Error).message}`).not.toMatch(/secret|hunter2/);
    });
  });
}
