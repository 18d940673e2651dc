// What is done to a deployment while it is called: scaled, rolled back, stopped, started again, deleted; and its log. Real processes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { DeletedModel, Deployment, Model } from "../../../lib/contract/model.ts";
import { isRunning, until } from "../app/processes.ts";
import { type TestServer, testServer } from "../app/running-server.ts";
import { writeBuild } from "./hand-made-builds.ts";

const version = (v: number): string =>
  `export const predict = modelMetrics(async ({ say, ms = 10 }) => {
    if (say) console.log(say);
    await wait(ms);
    return { v: ${v}, pid: process.pid };
  }, {});`;

interface Said {
  readonly v: number;
  readonly pid: number;
}

/** Calls from several clients until `stop`; what they were told. */
function underLoad(server: TestServer, model: Model, clients = 4) {
  const seen: { readonly status: number; readonly said: Said }[] = [];
  let done = false;
  const all = Array.from({ length: clients }, async () => {
    while (!done) {
      const { status, body } = await server.call(model, {});
      seen.push({ status, said: body.response?.prediction as Said });
    }
  });
  const stop = async () => {
    done = true;
    await Promise.all(all);
    return seen;
  };
  return { seen, stop };
}

const scale = (server: TestServer, { id }: Deployment, replicas: number) =>
  server.api<Deployment>("PATCH", `/api/v2/deployments/${id}?wait=1`, { replicas });

test("scaled up, down and rolled back under load, a model loses no call", async () => {
  await using server = await testServer();
  const model = await server.createModel("scaled");
  const builds = [1, 2].map((v) => writeBuild(server.home, version(v)));
  const first = await server.deploy(model, builds[0]!);
  const load = underLoad(server, model);
  expect((await scale(server, first, 3)).body).toMatchObject({ replicas: 3, readyReplicas: 3, status: "deployed" });
  await until(() => new Set(load.seen.map(({ said }) => said.pid)).size === 3);
  expect((await scale(server, first, 1)).body).toMatchObject({ replicas: 1, readyReplicas: 1, status: "deployed" });
  const pids = [...new Set(load.seen.map(({ said }) => said.pid))];
  await until(() => pids.filter(isRunning).length === 1);
  const second = await server.deploy(model, builds[1]!);
  await scale(server, second, 2);
  const back = await server.deployAgain(model, builds[0]!.id, 2);
  await scale(server, back, 1);
  const seen = await load.stop();
  expect(seen.filter(({ status }) => status !== 200)).toEqual([]);
  expect(new Set(seen.map(({ said }) => said.v))).toEqual(new Set([1, 2]));
  expect(await server.records()).toHaveLength(seen.length);
  const { body } = await server.api<Model>("GET", "/api/v2/models/scaled");
  expect(body.deployment).toMatchObject({ id: back.id, replicas: 1, problem: "" });
}, 60_000);

test("a replica that is let go answers the call it has", async () => {
  await using server = await testServer();
  const model = await server.createModel("slow");
  const build = writeBuild(server.home, version(1));
  await server.deploy(model, build);
  const two = await server.deployAgain(model, build.id, 2);
  const calls = [server.call(model, { ms: 600 }), server.call(model, { ms: 600 })];
  await until(async () => (await server.api("GET", "/health")).status === 200);
  expect((await scale(server, two, 1)).body.readyReplicas).toBe(1);
  const replies = await Promise.all(calls);
  expect(replies.map(({ status }) => status)).toEqual([200, 200]);
  const pids = replies.map(({ body }) => (body.response.prediction as Said).pid);
  await until(() => pids.filter(isRunning).length === 1);
});

test("stopped and started again, also while it stops, a deployment answers; a replaced one stays stopped", async () => {
  await using server = await testServer();
  const model = await server.createModel("again");
  const builds = [1, 2].map((v) => writeBuild(server.home, version(v)));
  const first = await server.deploy(model, builds[0]!);
  const act = (what: "stop" | "start", { id }: Deployment, wait = 1) =>
    server.api<Deployment>("POST", `/api/v2/deployments/${id}/${what}?wait=${wait}`);
  expect((await act("stop", first)).body.status).toBe("stopped");
  expect((await server.call(model, {})).status).toBe(503);
  expect((await scale(server, first, 2)).status).toBe(409);
  expect((await act("start", first)).body).toMatchObject({ status: "deployed", readyReplicas: 1 });
  expect((await server.call(model, {})).status).toBe(200);
  const slow = server.call(model, { ms: 400 });
  await until(async () => (await server.api("GET", "/health")).status === 200);
  await act("stop", first, 0);
  expect((await act("start", first)).body).toMatchObject({ id: first.id, status: "deployed", readyReplicas: 1 });
  expect((await slow).status).toBe(200);
  expect((await server.call(model, {})).status).toBe(200);
  const second = await server.deploy(model, builds[1]!);
  const refused = await act("start", first);
  expect([refused.status, JSON.stringify(refused.body)]).toEqual([409, expect.stringContaining("a later one answers")]);
  await act("stop", second);
  expect((await act("start", first)).body).toMatchObject({ status: "deployed" });
  expect((await server.call(model, {})).body.response).toMatchObject({ prediction: { v: 1 } });
}, 60_000);

test("a deleted model answers what it has, then no call; its processes end, its predictions stay and are said to", async () => {
  await using server = await testServer();
  const model = await server.serve("gone", version(1));
  const other = await server.serve("stays", version(2));
  const { pid } = (await server.call(model, {})).body.response.prediction as Said;
  const slow = server.call(model, { ms: 300 });
  await until(async () => (await server.api("GET", "/health")).status === 200);
  const { status, body } = await server.api<DeletedModel>("DELETE", "/api/v2/models/gone");
  expect([status, body]).toEqual([200, { name: "gone", crn: model.crn, predictions: 2 }]);
  expect((await slow).status).toBe(200);
  expect(isRunning(pid)).toBe(false);
  expect((await server.call(model, {})).status).toBe(401);
  expect((await server.call(other, {})).status).toBe(200);
  expect(await server.records({ modelCrn: model.crn })).toHaveLength(2);
  for (const path of ["models/gone", "models/gone/builds", "models/gone/deployments"]) {
    expect((await server.api("GET", `/api/v2/${path}`)).status, path).toBe(404);
  }
  expect((await server.api("DELETE", "/api/v2/models/gone")).status).toBe(404);
  const again = await server.serve("gone", version(3));
  expect((await server.call(again, {})).body.response).toMatchObject({ prediction: { v: 3 } });
  await server.restart();
  expect((await server.call(again, {})).status).toBe(200);
}, 60_000);

test("what replicas print is read from any byte on and followed live, and outlives them", async () => {
  await using server = await testServer();
  const model = await server.serve("talking", version(1));
  const { id } = (await server.api<Model>("GET", "/api/v2/models/talking")).body.deployment!;
  const read = (from: number) => server.api<string>("GET", `/api/v2/deployments/${id}/log?from=${from}`);
  const leave = new AbortController();
  const live = await fetch(`${server.running.url}/api/v2/deployments/${id}/log/events`, {
    headers: { authorization: `Bearer ${server.running.token}` },
    signal: leave.signal,
  });
  const lines = live.body!.pipeThrough(new TextDecoderStream()).getReader();
  const told = async (what: string): Promise<string> => {
    for (let text = ""; ; ) {
      text += (await lines.read()).value ?? "";
      if (text.includes(what) && text.endsWith("\n\n")) return text;
    }
  };
  await told("retry");
  await server.call(model, { say: "grüße 🦊" });
  expect(await told("grüße")).toContain('event: log\ndata: {"text":"grüße 🦊\\n","end":');
  const whole = await read(0);
  const end = Number(whole.headers.get("x-log-end"));
  expect(whole.body).toBe("grüße 🦊\n");
  expect(end).toBe(Buffer.byteLength(whole.body));
  expect((await read(Buffer.byteLength("grüße "))).body).toBe("🦊\n");
  expect((await read(end)).body).toBe("");
  expect((await read(end + 1000)).body).toBe(whole.body);
  leave.abort();
  await server.api("POST", `/api/v2/deployments/${id}/stop?wait=1`);
  expect((await read(end)).body).toMatch(/^\S+Z replica \d+ ended with exit code 0\n$/);
  expect(readFileSync(join(server.home, "logs", `deployment-${id}.log`), "utf8")).toContain("grüße");
  for (const path of ["nobody/log", "nobody/log/events", `${id}/log?from=-1`]) {
    const { status } = await server.api("GET", `/api/v2/deployments/${path}`);
    expect(status, path).toBe(path.startsWith("nobody") ? 404 : 400);
  }
});
