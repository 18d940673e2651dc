// kill -9 of the server and of replicas under load: what was acknowledged is kept, everything comes back by itself, and nothing
// stays behind. CELLWRIGHT_KILLS says how often; else it goes by the effort.
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Deployment, Model } from "../../../lib/contract/model.ts";
import type { MetricsPage } from "../../../lib/contract/prediction.ts";
import { seededRandom } from "../../../lib/core/random.ts";
import { temporaryFolder } from "../../support/cli.ts";
import { killsOf } from "../../support/effort.ts";
import { journalCalls, journalledUuids } from "../../support/journalled-calls.ts";
import { processesNaming, until } from "../app/processes.ts";
import { type ServerProcess, startServerProcess } from "../cli/server-process.ts";
import { seedBuilds, writeBuild } from "./hand-made-builds.ts";

const kills = killsOf({ everyday: 1, ci: 2, soak: 20 });
const callsPerSecond = 50;
const replicas = 2;

const source = `export const predict = modelMetrics(({ n }) => { trackMetric("n", n); return { pid: process.pid }; }, {});`;

test(`${kills} kills of server and replica under load lose no acknowledged prediction`, {
  timeout: 60_000 + kills * 20_000,
}, async () => {
  using home = temporaryFolder("cellwright-kill-");
  const random = seededRandom(3);
  let server = await startServerProcess(home.path);
  const port = new URL(server.url).port;
  const model = await api<Model>(server, "POST", "/api/v2/models", { name: "killed" });
  const build = writeBuild(home.path, source);
  await seedBuilds(join(home.path, "cellwright.db"), [model], [build]);
  const deployment = await api<Deployment>(server, "POST", "/api/v2/models/killed/deployments?wait=1", {
    build: build.id,
    replicas,
  });
  const journal = join(home.path, "journal");
  const { accessKey } = model;
  const load = journalCalls(server.url, { accessKey, request: (n) => ({ n }), callsPerSecond, journal });

  for (let i = 0; i < kills; i++) {
    await wait(200 + random() * 400);
    process.kill(replicaPids(home.path)[Math.floor(random() * replicas)]!, "SIGKILL");
    await until(() => isBack(server, deployment));

    await wait(200 + random() * 400);
    await server.end("SIGKILL");
    await until(() => replicaPids(home.path).length === 0, 5000);
    server = await startServerProcess(home.path, { args: ["--port", port] });
    await until(() => isBack(server, deployment));
  }

  const { acknowledged } = await load.stop();
  const recorded = await recordedUuids(server, deployment);
  const journalled = journalledUuids(journal);
  expect(journalled).toHaveLength(acknowledged);
  expect(journalled.filter((uuid) => !recorded.has(uuid))).toEqual([]);
  expect(acknowledged).toBeGreaterThan(kills * 10);
  await server.end("SIGTERM");
  expect(replicaPids(home.path)).toEqual([]);
});

async function isBack(server: ServerProcess, { id, crn }: Deployment): Promise<boolean> {
  const now = await api<Deployment>(server, "GET", `/api/v2/deployments/${id}`);
  return now.crn === crn && now.status === "deployed" && now.readyReplicas === replicas;
}

async function recordedUuids(server: ServerProcess, { crn }: Deployment): Promise<Set<string>> {
  const uuids = new Set<string>();
  let pageToken: string | undefined;
  do {
    const query = { modelDeploymentCrn: crn, pageSize: 10_000, ...(pageToken && { pageToken }) };
    const page: MetricsPage = await api(server, "POST", "/api/v2/metrics/read", query);
    for (const { predictionUuid } of page.metrics) uuids.add(predictionUuid);
    pageToken = page.next_page_token;
  } while (pageToken);
  return uuids;
}

async function api<T>(server: ServerProcess, method: string, path: string, body?: unknown): Promise<T> {
  const reply = await fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  return (await reply.json()) as T;
}

function replicaPids(home: string): number[] {
  return processesNaming(join(home, "builds"));
}
