// The suites of storage and of the stores on a real Postgres. Skipped with a line where none is found; in CI that fails.
import { afterAll, expect, test } from "vitest";
import { openDatabase } from "../../server/storage/database.ts";
import { applicationsSuite } from "../server/applications/applications-suite.ts";
import { buildsSuite } from "../server/builds/builds-suite.ts";
import { deploymentsSuite } from "../server/deployments/deployments-suite.ts";
import { jobsSuite } from "../server/jobs/jobs-suite.ts";
import { laterMetricsSuite, retentionSuite } from "../server/monitoring/later-metrics-suite.ts";
import { monitoringSuite } from "../server/monitoring/monitoring-suite.ts";
import { databaseSuite, ledger } from "../server/storage/database-suite.ts";
import { startCluster } from "./postgres-cluster.ts";

const cluster = await startCluster();

if (typeof cluster === "string") {
  if (process.env["CI"]) {
    test("Postgres is there", () => expect.unreachable(`Cannot run the stores' suites on Postgres: ${cluster}`));
  } else {
    console.log(`Skipped the stores' suites on Postgres: ${cluster}`);
    test.skip("the stores' suites on Postgres", () => {});
  }
} else {
  afterAll(() => cluster.stop()); // hooks of the end run last in, first out

  databaseSuite("Postgres", cluster.newDatabase);
  applicationsSuite("Postgres", cluster.newDatabase);
  buildsSuite("Postgres", cluster.newDatabase);
  monitoringSuite("Postgres", cluster.newDatabase);
  laterMetricsSuite("Postgres", cluster.newDatabase);
  retentionSuite("Postgres", cluster.newDatabase);
  deploymentsSuite("Postgres", cluster.newDatabase);
  jobsSuite("Postgres", cluster.newDatabase);

  test("a server that is not there is named without user and password", async () => {
    const url = "postgres://anna:secret@127.0.0.1:1/cellwright";
    const error = (await openDatabase({ url, transactionModules: [ledger] }).catch((its: unknown) => its)) as Error;
    expect(error).toMatchObject({ name: "DatabaseClosedError" });
    expect(error.message).toMatch(/^Cannot reach the database: /);
    expect(error.message).not.toContain("secret");
  });
}
