// A simulation of a served model whose process and whose server are killed -9 at random times: started again it has made each call
// once. CELLWRIGHT_KILLS says how often; else it goes by the effort.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { Deployment, Model } from "../../../lib/contract/model.ts";
import type { MetricsPage } from "../../../lib/contract/prediction.ts";
import { seededRandom } from "../../../lib/core/random.ts";
import { type ServerProcess, startServerProcess } from "../../server/cli/server-process.ts";
import { seedBuilds, writeBuild } from "../../server/deployments/hand-made-builds.ts";
import { cleanEnvironment, temporaryFolder } from "../../support/cli.ts";
import { killsOf } from "../../support/effort.ts";

const kills = killsOf({ everyday: 1, ci: 4, soak: 20 });

const source = `export const predict = modelMetrics(async ({ tenure }) => {
  await wait(2 + tenure % 7);
  trackMetric("probability", 1 / (1 + tenure / 12));
  return {};
}, {});`;

test(`${kills} kills of a simulation, of its server, and a redeploy between: each number once, no call twice`, {
  timeout: 60_000 + kills * 20_000,
}, async () => {
  using home = temporaryFolder("cellwright-simulated-");
  const random = seededRandom(5);
  let server = await startServerProcess(home.path);
  const port = new URL(server.url).port;
  const model = await api<Model>(server, "POST", "/api/v2/models", { name: "simulated" });
  const builds = [writeBuild(home.path, source), writeBuild(home.path, `${source} // again`)];
  await seedBuilds(join(home.path, "cellwright.db"), [model], builds);
  await deploy(server, builds[0]!.id);

  const reached: number[] = [];
  for (let i = 0; i < kills; i++) {
    const simulator = startSimulator(server, model);
    await simulator.beyond((reached.at(-1) ?? 0) + Math.floor(random() * 40));
    await wait(random() * 30);
    simulator.kill();
    reached.push(simulator.reached());
    await simulator.ended;
    if (i === 0) await deploy(server, builds[1]!.id);
  }
  const last = startSimulator(server, model);
  await last.beyond(Math.min(290, reached.at(-1)! + 20));
  await server.end("SIGKILL");
  server = await startServerProcess(home.path, { args: ["--port", port] });
  expect(await last.ended, last.text()).toBe(0);

  const { metrics } = await api<MetricsPage>(server, "POST", "/api/v2/metrics/read", {
    modelCrn: model.crn,
    pageSize: 10_000,
  });
  const calls = metrics.filter(({ predictionUuid, status }) => predictionUuid !== "" && status === 200);
  const windows = metrics.filter(({ predictionUuid }) => predictionUuid === "");
  const numbers = calls.map(({ metrics }) => Number(metrics["call"]));
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i + 1));
  expect(windows.map(({ metrics }) => metrics["window"])).toEqual([1, 2, 3]);
  expect(new Set(calls.map(({ modelDeploymentCrn }) => modelDeploymentCrn)).size).toBe(2);
  await server.end("SIGTERM");
});

interface Simulator {
  /** Resolves when so many numbers are done, or it has ended. */
  beyond(done: number): Promise<void>;
  reached(): number;
  kill(): void;
  text(): string;
  readonly ended: Promise<number | null>;
}

function startSimulator(server: ServerProcess, model: Model): Simulator {
  const file = fileURLToPath(new URL("simulator.mjs", import.meta.url));
  const child = spawn(process.execPath, [file, `${server.url}/model`, model.accessKey, model.crn], {
    env: { ...cleanEnvironment(), CELLWRIGHT_URL: server.url, CELLWRIGHT_TOKEN: server.token },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  let reached = 0;
  let waiting: { done: number; resolve: () => void } | undefined;
  const look = (): void => {
    if (waiting && reached >= waiting.done) waiting.resolve();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      reached = Math.max(reached, ...chunk.split("\n").map(Number).filter(Number.isFinite));
      look();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  return {
    beyond: (done) =>
      Promise.race([
        ended.then(() => {}),
        new Promise<void>((resolve) => {
          waiting = { done, resolve };
          look();
        }),
      ]),
    reached: () => reached,
    kill: () => child.kill("SIGKILL"),
    text: () => text,
    ended,
  };
}

async function deploy(server: ServerProcess, build: string): Promise<void> {
  const path = "/api/v2/models/simulated/deployments?wait=1";
  const { status, problem } = await api<Deployment>(server, "POST", path, { build, replicas: 1 });
  expect(status, problem).toBe("deployed");
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
