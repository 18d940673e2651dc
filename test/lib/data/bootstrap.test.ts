// What a project's first notebook stands on: the warehouse found, the raw file kept, lineage said.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type Lineage, writeLineage } from "../../../lib/data/lineage-file.ts";
import { keepRaw } from "../../../lib/data/raw-file.ts";
import { findWarehouse } from "../../../lib/data/warehouse/find-warehouse.ts";

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "cellwright-bootstrap-"));
  process.env["CELLWRIGHT_PROJECT"] = project;
  process.env["CELLWRIGHT_HOME"] = join(project, ".cellwright");
});

afterEach(() => {
  for (const name of ["PROJECT", "HOME", "WAREHOUSE"]) delete process.env[`CELLWRIGHT_${name}`];
  rmSync(project, { recursive: true });
});

describe("findWarehouse", () => {
  test("is the home folder's own where nothing is asked for", async () => {
    const { folder, wanted, reason } = await findWarehouse();
    expect([folder, wanted]).toEqual([join(project, ".cellwright/warehouse"), undefined]);
    expect(reason).toContain("CELLWRIGHT_WAREHOUSE is not set");
    expect(existsSync(folder)).toBe(true);
  });

  test("is the folder that the setting names", async () => {
    process.env["CELLWRIGHT_WAREHOUSE"] = "lake";
    expect(await findWarehouse()).toEqual({
      folder: join(project, "lake"),
      wanted: "lake",
      reason: "as CELLWRIGHT_WAREHOUSE says",
    });
  });

  test("falls back to the home for a bucket, and says why", async () => {
    process.env["CELLWRIGHT_WAREHOUSE"] = "s3://bucket/lake";
    const { folder, reason } = await findWarehouse();
    expect(folder).toBe(join(project, ".cellwright/warehouse"));
    expect(reason).toBe("s3:// cannot be written to yet: the home folder's own stands in for s3://bucket/lake");
  });

  test("refuses a folder that is none", async () => {
    writeFileSync(join(project, "lake"), "");
    process.env["CELLWRIGHT_WAREHOUSE"] = "lake";
    await expect(findWarehouse()).rejects.toThrow("Cannot use the warehouse");
  });
});

describe("keepRaw", () => {
  test("copies a file once, and leaves alone what lies there", async () => {
    writeFileSync(join(project, "churn.csv"), "a,b\r\n1,2\r\n");
    const kept = await keepRaw("churn.csv");
    expect(kept).toBe(join(project, ".cellwright/warehouse/raw/churn.csv"));
    expect(readFileSync(kept, "utf8")).toBe("a,b\r\n1,2\r\n");
    expect(await keepRaw(kept)).toBe(kept);
    await expect(keepRaw("nowhere.csv")).rejects.toThrow("Cannot read");
  });
});

describe("writeLineage", () => {
  const lineage: Lineage = { churn: { tables: ["default.telco_churn"], metadata: { notebook: "3", rows: 7043 } } };

  test("writes the form that is read, the same again", async () => {
    const { path, ours } = await writeLineage(lineage, { cluster: "demo" });
    expect([path, ours]).toEqual([join(project, "lineage.yml"), true]);
    const text = readFileSync(path, "utf8");
    expect(parse(text)).toEqual({
      churn: {
        hive_table_qualified_names: ["default.telco_churn@demo"],
        metadata: { notebook: "3", rows: 7043 },
      },
    });
    await writeLineage(lineage, { cluster: "demo" });
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  test("never touches a file of somebody's own", async () => {
    writeFileSync(join(project, "lineage.yml"), "mine: {}\n");
    expect((await writeLineage(lineage)).ours).toBe(false);
    expect(readFileSync(join(project, "lineage.yml"), "utf8")).toBe("mine: {}\n");
  });
});
