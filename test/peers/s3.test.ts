// Our reader of S3 against moto's server, which checks our signature. Skipped with a line where its Python is not; in CI that fails.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { downloadS3 } from "../../lib/data/download-s3.ts";
import { readCsv } from "../../lib/data/read-csv.ts";
import { rowObjectsOf } from "../../lib/frame/frame.ts";
import { temporaryFolder } from "../support/cli.ts";
import { pythonMissing } from "./python.ts";
import { type S3Store, startS3Store } from "./s3-store.ts";

const csv = "customerID,tenure\n7590-VHVEG,1\n5575-GNVDE,34\n";

describe.skipIf(pythonMissing("moto.server"))("downloadS3", () => {
  let store: S3Store;
  const project = temporaryFolder("cellwright-s3-");

  beforeAll(async () => {
    store = await startS3Store();
    await store.put("lake", "raw/customers, all (1).csv", csv);
  });

  afterEach(() => vi.unstubAllEnvs());

  afterAll(async () => {
    await store?.stop();
    project[Symbol.dispose]();
  });

  function asReader(keys = store.keys): void {
    vi.stubEnv("CELLWRIGHT_PROJECT", project.path);
    vi.stubEnv("CELLWRIGHT_HOME", join(project.path, ".cellwright"));
    vi.stubEnv("AWS_ENDPOINT_URL_S3", `${store.url}/`);
    vi.stubEnv("AWS_ACCESS_KEY_ID", keys.accessKeyId);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", keys.secretAccessKey);
  }

  test("an object comes into the raw folder under its name, as every reader reads it", async () => {
    asReader();
    const file = await downloadS3("s3://lake/raw/customers, all (1).csv");
    expect(file).toBe(join(project.path, ".cellwright/warehouse/raw/customers, all (1).csv"));
    const frame = await readCsv(file, { schema: { customerID: "string", tenure: "integer" } });
    expect(rowObjectsOf(frame)).toEqual([
      { customerID: "7590-VHVEG", tenure: 1 },
      { customerID: "5575-GNVDE", tenure: 34 },
    ]);
  });

  test("another place takes the place of what was there, and a refused download leaves it", async () => {
    asReader();
    const to = "data/customers.csv";
    await downloadS3("s3://lake/raw/customers, all (1).csv", { to });
    await expect(downloadS3("s3://lake/raw/none.csv", { to })).rejects.toThrow(
      /^Cannot read "s3:\/\/lake\/raw\/none.csv": found 404 NoSuchKey, .+, expected an object that may be read$/,
    );
    expect(readFileSync(join(project.path, to), "utf8")).toBe(csv);
    expect(readdirSync(join(project.path, "data"))).toEqual(["customers.csv"]);
  });

  test("a wrong key is refused by the store, and not told", async () => {
    asReader({ ...store.keys, secretAccessKey: "not-the-secret" });
    const error = await downloadS3("s3://lake/raw/customers, all (1).csv").catch((its: Error) => its);
    expect((error as Error).message).toContain("found 403 SignatureDoesNotMatch");
    expect((error as Error).message).not.toContain("not-the-secret");
  });

  test("says what is no object and what is no store", async () => {
    asReader();
    await expect(downloadS3("s3://lake")).rejects.toThrow("expected an object's URL, as s3://bucket/folder");
    await expect(downloadS3("s3://lake/../customers.csv")).rejects.toThrow(RangeError);
    await expect(downloadS3("s3://lake/a.csv", { endpoint: "http://127.0.0.1:1" })).rejects.toThrow(
      'Cannot read "s3://lake/a.csv": found no store at 127.0.0.1:1 (',
    );
  });
});
