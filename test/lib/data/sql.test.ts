import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sql } from "../../../lib/data/sql.ts";
import { writeTable } from "../../../lib/data/warehouse/write-table.ts";
import { frameOf, rowObjectsOf } from "../../../lib/frame/frame.ts";

let home: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "cellwright-sql-"));
  process.env["CELLWRIGHT_HOME"] = home;
  await writeTable("default.customers", frameOf({ id: [1, 2, 3], plan: ["a", "b", "a"] }));
  await writeTable("sales.orders", frameOf({ customer: [1, 1, 3], total: [10.5, 4.5, 2] }));
});

afterAll(() => {
  delete process.env["CELLWRIGHT_HOME"];
  rmSync(home, { recursive: true });
});

describe("sql", () => {
  test("reads tables by their names, those of default also bare", async () => {
    const count = "SELECT plan, count(*) AS customers FROM";
    for (const name of ["default.customers", "customers", '"default".customers']) {
      const rows = rowObjectsOf(await sql(`${count} ${name} GROUP BY plan ORDER BY plan;`));
      expect(rows).toEqual([
        { plan: "a", customers: 2 },
        { plan: "b", customers: 1 },
      ]);
    }
  });

  test("joins tables of two databases with a frame", async () => {
    const frames = { names: frameOf({ id: [1, 3], name: ["Ada", "Bo"] }) };
    const rows = rowObjectsOf(
      await sql(
        `SELECT name, plan, sum(total) AS total, 'default.x' AS text FROM default.customers AS c
         JOIN sales.orders AS o ON o.customer = c.id JOIN names USING (id) GROUP BY ALL ORDER BY name`,
        { frames },
      ),
    );
    expect(rows).toEqual([
      { name: "Ada", plan: "a", total: 15, text: "default.x" },
      { name: "Bo", plan: "a", total: 2, text: "default.x" },
    ]);
  });

  test("answers queries that run at once, each with frames of its own", async () => {
    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) => sql("SELECT sum(v) AS total FROM mine", { frames: { mine: frameOf({ v: [n, n] }) } })),
    );
    expect(answers.map((frame) => frame.get("total", 0))).toEqual([2, 4, 6, 8]);
  });

  test("sees a table's newest snapshot", async () => {
    await writeTable("default.growing", frameOf({ x: [1] }));
    await writeTable("default.growing", frameOf({ x: [2] }), { mode: "append" });
    expect((await sql("SELECT max(x) AS x FROM growing")).get("x", 0)).toBe(2);
  });

  test("says what is wrong with a query", async () => {
    await expect(sql("SELECT * FROM nowhere")).rejects.toThrow(/Cannot run the query .*nowhere/);
    await expect(sql("DROP TABLE customers")).rejects.toThrow("expected one SELECT");
  });
});
