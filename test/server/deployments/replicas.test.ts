// What happens to calls when replicas are busy, slow, stuck, killed, replaced or not to be started. Real processes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { Deployment, Model } from "../../../lib/contract/model.ts";
import { isRunning, until } from "../app/processes.ts";
import { type ModelReply, type Reply, type TestServer, testServer } from "../app/running-server.ts";
import { writeBuild } from "./hand-made-builds.ts";

const tool = `
export const predict = modelMetrics(async ({ mode, ms = 0, n = 0 }) => {
  trackMetric("n", n);
  if (mode === "loop") for (;;);
  if (mode === "exit") process.exit(7);
  if (mode === "never") await new Promise(() => {});
  await wait(ms);
  if (mode === "late") trackMetric("late", context().uuid);
  return { pid: process.pid, n };
}, {});`;

const pidOf = ({ body }: Reply<ModelReply>): number => (body.response.prediction as { pid: number }).pid;
const outcome = ({ status, body }: Reply<ModelReply>): unknown[] => [status, body.error?.code];

describe("concurrent calls", () => {
  test("never mix their tracked metrics", async () => {
    await using server = await testServer();
    const model = await server.serve("tool", tool);
    const calls = await Promise.all(
      Array.from({ length: 60 }, (_, n) => server.call(model, { mode: "late", n, ms: (n * 7) % 40 })),
    );
    const records = new Map((await server.records()).map((record) => [record.predictionUuid, record]));
    for (const [n, { body }] of calls.entries()) {
      const { uuid } = body.response;
      expect(records.get(uuid)?.metrics).toEqual({ n, late: uuid });
    }
  });

  test("beyond one replica's share wait, beyond the queue are refused with 429 and Retry-After", async () => {
    await using server = await testServer({ replicaConcurrency: 2, queueLength: 3 });
    const model = await server.serve("tool", tool);
    const calls = await Promise.all(Array.from({ length: 9 }, () => server.call(model, { ms: 400 })));
    const refused = calls.filter(({ status }) => status === 429);
    expect(calls.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(refused.map(outcome)).toEqual(Array(4).fill([429, "busy"]));
    expect(refused[0]!.headers.get("retry-after")).toBe("1");
    expect((await server.records()).filter(({ status }) => status === 429)).toHaveLength(4);
    expect((await server.call(model, {})).status).toBe(200);
  });

  test("go to the replica with the fewest in hand", async () => {
    await using server = await testServer();
    const model = await server.createModel("tool");
    const build = writeBuild(server.home, tool);
    await server.deploy(model, build);
    await server.deployAgain(model, build.id, 2);
    const calls = await Promise.all(Array.from({ length: 6 }, () => server.call(model, { ms: 200 })));
    const perReplica = Object.values(byReplica(calls));
    expect(perReplica.map((its) => its.length)).toEqual([3, 3]);
  });
});

describe("a call without an answer", () => {
  test("of a function that waits too long is 504, and the same replica answers the next one", async () => {
    await using server = await testServer({ timeoutMs: 300 });
    const model = await server.serve("tool", tool);
    const pid = pidOf(await server.call(model, {}));
    expect(outcome(await server.call(model, { mode: "never" }))).toEqual([504, "timeout"]);
    await wait(1500); // longer than a stuck replica would be given
    expect(pidOf(await server.call(model, {}))).toBe(pid);
    expect((await server.records()).map(({ status }) => status)).toEqual([200, 504, 200]);
  });

  test("of a function in an endless loop is 504, its replica is ended, and a new one answers", async () => {
    await using server = await testServer({ timeoutMs: 300 });
    const model = await server.serve("tool", tool);
    const pid = pidOf(await server.call(model, {}));
    const [stuck, other] = await Promise.all([
      server.call(model, { mode: "loop", n: 1 }),
      server.call(model, { n: 2 }),
    ]);
    expect(outcome(stuck)).toEqual([504, "timeout"]);
    expect([503, 504]).toContain(other.status);
    const next = await answering(server, model);
    expect(pidOf(next)).not.toBe(pid);
    expect(isRunning(pid)).toBe(false);
    const records = await server.records();
    expect(records.find(({ metrics }) => metrics["n"] === 2)?.status ?? other.status).toBe(other.status);
    const { body } = await server.api<Model>("GET", `/api/v2/models/tool`);
    expect(body.deployment).toMatchObject({ status: "deployed", readyReplicas: 1 });
  });

  test("when the function ends the process is 503, and a new replica answers", async () => {
    await using server = await testServer();
    const model = await server.serve("tool", tool);
    const pid = pidOf(await server.call(model, {}));
    expect(outcome(await server.call(model, { mode: "exit" }))).toEqual([503, "not_ready"]);
    expect(pidOf(await answering(server, model))).not.toBe(pid);
  });

  test("when nothing is deployed is 503 with Retry-After", async () => {
    await using server = await testServer();
    const model = await server.createModel("bare");
    const reply = await server.call(model, {});
    expect([...outcome(reply), reply.headers.get("retry-after")]).toEqual([503, "not_ready", "1"]);
  });
});

describe("a replica that is killed", () => {
  test("is replaced by itself while the other one answers every call", async () => {
    await using server = await testServer();
    const model = await server.createModel("tool");
    const build = writeBuild(server.home, tool);
    await server.deploy(model, build);
    const { crn } = await server.deployAgain(model, build.id, 2);
    const [a, b] = await Promise.all([server.call(model, { ms: 100 }), server.call(model, { ms: 100 })]);
    process.kill(pidOf(a), "SIGKILL");
    await until(() => !isRunning(pidOf(a)));
    expect(pidOf(await answering(server, model))).not.toBe(pidOf(a));
    expect(isRunning(pidOf(b))).toBe(true);
    await until(async () => {
      const { readyReplicas, problem } = await deploymentOf(server, "tool");
      return readyReplicas === 2 && problem === "";
    });
    expect(await deploymentOf(server, "tool")).toMatchObject({ crn, status: "deployed" });
  });
});

describe("a replica out of memory", () => {
  test("ends alone: its call is 503, the server and the next replica answer", async () => {
    await using server = await testServer();
    const model = await server.createModel("hungry");
    const source = `export const predict = modelMetrics(({ eat }) => {
      const held = [];
      while (eat) held.push(new Array(1e5).fill(held.length));
      return { pid: process.pid };
    }, {});`;
    const build = writeBuild(server.home, source);
    await server.deploy(model, build);
    await server.deployAgain(model, build.id, 1, 64);
    expect(outcome(await server.call(model, { eat: true }))).toEqual([503, "not_ready"]);
    expect((await answering(server, model)).status).toBe(200);
  });
});

describe("a redeploy", () => {
  test("loses no call, and sends later ones to the new build alone", async () => {
    await using server = await testServer();
    const model = await server.createModel("versions");
    const versions = [1, 2, 3].map((v) =>
      writeBuild(server.home, `export const predict = modelMetrics(async () => { await wait(20); return ${v}; }, {});`),
    );
    await server.deploy(model, versions[0]!);
    const seen: [number, unknown][] = [];
    let done = false;
    const clients = Array.from({ length: 4 }, async () => {
      while (!done) {
        const { status, body } = await server.call(model, {});
        seen.push([status, body.response?.prediction]);
      }
    });
    await server.deploy(model, ...versions.slice(1));
    const rolledBack = await server.deployAgain(model, versions[0]!.id);
    await wait(100);
    done = true;
    await Promise.all(clients);
    expect(seen.filter(([status]) => status !== 200)).toEqual([]);
    expect(new Set(seen.map(([, version]) => version))).toEqual(new Set([1, 2, 3]));
    expect((await server.call(model, {})).body.response).toMatchObject({
      prediction: 1,
      model_deployment_crn: rolledBack.crn,
    });
    const { body } = await server.api<{ items: Deployment[] }>("GET", "/api/v2/models/versions/deployments");
    await until(async () => {
      const now = await server.api<{ items: Deployment[] }>("GET", "/api/v2/models/versions/deployments");
      return now.body.items.filter(({ status }) => status === "stopped").length === 3;
    });
    expect(body.items.map(({ build }) => versions.findIndex(({ id }) => id === build))).toEqual([0, 2, 1, 0]);
  });

  test("of a build that cannot start fails with the reason, and the one before answers on", async () => {
    await using server = await testServer();
    const model = await server.serve("tool", tool);
    const broken = await server.deploy(
      model,
      writeBuild(server.home, `throw new Error("no price list");\nexport const predict = 1;`),
    );
    expect(broken).toMatchObject({ status: "failed", problem: "no price list", readyReplicas: 0 });
    const missing = await server.deploy(model, writeBuild(server.home, "export const other = 1;"));
    expect(missing.problem).toContain("Cannot serve predict");
    expect((await server.call(model, {})).status).toBe(200);
    expect(readFileSync(join(server.home, "logs", `deployment-${broken.id}.log`), "utf8")).toContain("no price list");
  });

  test("of a build that never comes up is given up after a few tries", async () => {
    await using server = await testServer();
    const model = await server.createModel("dying");
    const dying = await server.deploy(model, writeBuild(server.home, "process.exit(3);\nexport const predict = 1;"));
    expect(dying).toMatchObject({ status: "failed", problem: "ended with exit code 3" });
  });
});

describe("a restart of the server", () => {
  test("brings every deployment back as it was, with replicas at once ready", async () => {
    await using server = await testServer();
    const model = await server.serve("tool", tool);
    const stopped = await server.serve("stopped", tool.replace("n = 0", "n = 1"));
    const { body: before } = await server.api<Model>("GET", "/api/v2/models/stopped");
    await server.api("POST", `/api/v2/deployments/${before.deployment!.id}/stop?wait=1`);
    const pid = pidOf(await server.call(model, {}));
    const uuid = (await server.call(model, {})).body.response.uuid;
    await server.restart();
    expect(isRunning(pid)).toBe(false);
    expect((await server.call(model, {})).status).toBe(200);
    expect(outcome(await server.call(stopped, {}))).toEqual([503, "not_ready"]);
    expect(await server.records({ predictionUuid: uuid })).toHaveLength(1);
  });

  test("ends in order: a call under way is answered first", async () => {
    await using server = await testServer();
    const model = await server.serve("tool", tool);
    const pid = pidOf(await server.call(model, {}));
    const slow = server.call(model, { ms: 500 });
    await wait(100);
    await server.running.stop();
    expect((await slow).status).toBe(200);
    expect(isRunning(pid)).toBe(false);
  });
});

async function deploymentOf(server: TestServer, name: string): Promise<Deployment> {
  return (await server.api<Model>("GET", `/api/v2/models/${name}`)).body.deployment!;
}

/** The first answer after replicas were replaced. */
async function answering(server: TestServer, model: Model): Promise<Reply<ModelReply>> {
  let reply = await server.call(model, {});
  await until(async () => {
    reply = await server.call(model, {});
    return reply.status === 200;
  });
  return reply;
}

function byReplica(calls: readonly Reply<ModelReply>[]): Record<string, Reply<ModelReply>[]> {
  const groups: Record<string, Reply<ModelReply>[]> = {};
  for (const call of calls) (groups[String(pidOf(call))] ??= []).push(call);
  return groups;
}
