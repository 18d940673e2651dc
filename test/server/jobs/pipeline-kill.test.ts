// kill -9 of the server during the example pipeline, at random times: the next start finishes it, every run has one outcome, the
// simulation makes each of its calls once, and no prediction acknowledged to a client beside it is missing. It takes minutes, so
// not every day (CELLWRIGHT_EFFORT, or CELLWRIGHT_KILLS: how often).
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import type { JobRun } from "../../../lib/contract/job.ts";
import type { Model, Page } from "../../../lib/contract/model.ts";
import type { MetricsPage, MetricsRow } from "../../../lib/contract/prediction.ts";
import type { JsonObject } from "../../../lib/contract/signature.ts";
import { seededRandom } from "../../../lib/core/random.ts";
import { requestJson } from "../../../lib/core/request-json.ts";
import type { FirstStartState } from "../../../server/jobs/first-start.ts";
import { processesOf } from "../../../server/jobs/leftovers.ts";
import { root, temporaryFolder } from "../../support/cli.ts";
import { killsOf } from "../../support/effort.ts";
import { type JournalledCalls, journalCalls, journalledUuids } from "../../support/journalled-calls.ts";
import { until } from "../app/processes.ts";
import { type ServerProcess, startServerProcess } from "../cli/server-process.ts";

const kills = killsOf({ everyday: 0, ci: 2, soak: 20 });
const calls = 1000;

/** Small tables and forests: what is tested is who runs what. */
const knobs: Record<string, Record<string, number>> = {
  "0-bootstrap": { rows: 1500 },
  "1-data-ingest": { rows: 1500 },
  "3-model-building": { folds: 3, trees: 10 },
};

test.skipIf(kills === 0)(
  `${kills} kills of the server during the example pipeline: it ends as if there had been none`,
  {
    timeout: 600_000 + kills * 60_000,
  },
  async () => {
    using home = temporaryFolder("cellwright-pipeline-");
    const random = seededRandom(23);
    let server = await startServerProcess(home.path, { args: ["--project", root] });
    const port = new URL(server.url).port;
    const start = () => startServerProcess(home.path, { args: ["--project", root, "--port", port] });
    const journal = join(home.path, "journal");
    let client: JournalledCalls | undefined;
    let after: string[] = [];
    for (const { name, file } of (await stateOf(server)).jobs) {
      await requestJson(server, "POST", "/api/v2/jobs", { name, file, after, parameters: knobs[name] ?? {} });
      after = [name];
    }
    let { chain } = await requestJson<FirstStartState>(server, "POST", "/api/v2/first-start");
    const chains = new Set([chain!]);
    const killedIn: string[] = [];

    for (let i = 0; i < kills; i++) {
      const call = async () => (client ??= await callWhereDeployed(server, journal)) !== undefined;
      // On a slow machine the first half may end before there is a model: the second half has calls beside it.
      if (!(await call()) && i === Math.ceil(kills / 2)) await until(call, 300_000);
      await wait(1000 + random() * 12_000);
      killedIn.push((await stateOf(server)).runs.find(({ status }) => status === "running")?.job ?? "between");
      await server.end("SIGKILL");
      server = await start();
      await expectNoneMissing(server, journal);
      if ((await stateOf(server)).state === "done") {
        ({ chain } = await requestJson<FirstStartState>(server, "POST", "/api/v2/first-start"));
        chains.add(chain!);
      }
    }
    await until(async () => (await stateOf(server)).state !== "running", 500_000);

    const { acknowledged } = (await client?.stop()) ?? { acknowledged: 0 };
    await expectNoneMissing(server, journal);
    if (kills >= 5) expect(acknowledged).toBeGreaterThan(100);
    const rows = await allMetrics(server);
    for (const one of chains) {
      const runs = await requestJson<{ items: JobRun[] }>(server, "GET", `/api/v2/job-runs?chain=${one}`);
      const outcomes = runs.items.map(({ job, status, failure }) => [job, status, failure?.message]);
      expect(outcomes).toEqual(
        (await stateOf(server)).jobs.map(({ name }) => [name, "succeeded", undefined]).reverse(),
      );
      for (const { id } of runs.items) expect(processesOf(id)).toEqual([]);
      const simulation = runs.items.find(({ job }) => job === "7a-ops-simulation")!.id;
      const own = rows.filter(({ metrics }) => metrics["simulation"] === simulation);
      const numbers = own
        .filter(({ predictionUuid }) => predictionUuid !== "")
        .map(({ metrics }) => Number(metrics["call"]));
      expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: calls }, (_, i) => i + 1));
      const windows = own.filter(({ predictionUuid }) => predictionUuid === "").map(({ metrics }) => metrics["window"]);
      expect(windows.sort((a, b) => Number(a) - Number(b))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    }
    console.log(
      `killed in ${killedIn.join(", ")}; ${chains.size} chains, ${rows.length} records, ${acknowledged} calls acknowledged beside them`,
    );
    await server.end("SIGTERM");
  },
);

/** Beside the simulation, with a request that is none of its own. */
async function callWhereDeployed(server: ServerProcess, journal: string): Promise<JournalledCalls | undefined> {
  const models = await requestJson<Page<Model>>(server, "GET", "/api/v2/models");
  const model = models.items.find(({ deployment }) => deployment?.status === "deployed");
  if (!model) return undefined;
  const example = model.deployment!.example as JsonObject;
  const request = (n: number) => ({ ...example, MonthlyCharges: 1000 + n / 100 });
  return journalCalls(server.url, { accessKey: model.accessKey, request, callsPerSecond: 5, journal });
}

async function expectNoneMissing(server: ServerProcess, journal: string): Promise<void> {
  if (!existsSync(journal)) return;
  const acknowledged = journalledUuids(journal); // first: what comes after the read is not held against it
  const recorded = new Set((await allMetrics(server)).map(({ predictionUuid }) => predictionUuid));
  expect(acknowledged.filter((uuid) => !recorded.has(uuid))).toEqual([]);
}

function stateOf(server: ServerProcess): Promise<FirstStartState> {
  return requestJson(server, "GET", "/api/v2/first-start");
}

async function allMetrics(server: ServerProcess): Promise<MetricsRow[]> {
  const rows: MetricsRow[] = [];
  let pageToken: string | undefined;
  do {
    const query = { pageSize: 10_000, ...(pageToken && { pageToken }) };
    const page: MetricsPage = await requestJson(server, "POST", "/api/v2/metrics/read", query);
    rows.push(...page.metrics);
    pageToken = page.next_page_token;
  } while (pageToken);
  return rows;
}
