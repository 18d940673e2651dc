// POST /model over HTTP, with real replicas: the envelope, every status of a refused call, and that the same replica, or a new
// one, answers the next call.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Model } from "../../../lib/contract/model.ts";
import { type TestServer, testServer } from "../app/running-server.ts";
import { writeBuild } from "./hand-made-builds.ts";

const churn = `
export const predict = modelMetrics(async ({ tenure, contract, mode }) => {
  if (mode === "throw") throw new Error("no such customer");
  if (mode === "reject") return Promise.reject(new TypeError("later"));
  if (mode === "odd") return { value: 1n };
  if (mode === "nothing") return undefined;
  trackMetric("tenure", tenure);
  return { probability: 1 / (1 + tenure), pid: process.pid };
}, {
  signature: { inputs: [
    { name: "tenure", type: "long" },
    { name: "contract", type: "string", required: false, categories: ["One year", "Two year"] },
    { name: "mode", type: "string", required: false },
  ] },
  example: { tenure: 3 },
});`;

describe("a call", () => {
  let server: TestServer;
  let model: Model;
  beforeAll(async () => {
    server = await testServer({ timeoutMs: 5000 });
    model = await server.serve("churn", churn);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  async function answersAsBefore(pid: number): Promise<void> {
    const { status, body } = await server.call(model, { tenure: 1 });
    expect([status, body.response.prediction]).toEqual([200, { probability: 0.5, pid }]);
  }

  async function replicaPid(): Promise<number> {
    const { body } = await server.call(model, { tenure: 1 });
    return (body.response.prediction as { pid: number }).pid;
  }

  test("is answered in the platform's envelope, under a uuid that finds its record", async () => {
    const { status, body } = await server.call(model, { tenure: 3 });
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: true, response: { prediction: { probability: 0.25 } } });
    expect(body.response.model_deployment_crn).toMatch(/^crn:cellwright:ml:::workspace:default\/model-deployment\//);
    expect(body.response.uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const [record] = await server.records({ predictionUuid: body.response.uuid });
    expect(record).toMatchObject({
      status: 200,
      modelDeploymentCrn: body.response.model_deployment_crn,
      request: { tenure: 3 },
      metrics: { tenure: 3 },
    });
  });

  test("takes its access key from the query too", async () => {
    const path = `/model?accessKey=${model.accessKey}`;
    const { status } = await server.api("POST", path, { request: { tenure: 3 } }, {});
    expect(status).toBe(200);
  });

  test("of a function without modelMetrics is answered bare, and takes any object", async () => {
    const plain = await server.serve("plain", "export const predict = (request) => ({ got: Object.keys(request) });");
    const { body } = await server.call(plain, { anything: [1, { deep: true }] });
    expect(body).toEqual({ success: true, response: { got: ["anything"] } });
  });

  test("whose function returns nothing is answered with null", async () => {
    const { body } = await server.call(model, { tenure: 1, mode: "nothing" });
    expect(body.response.prediction).toBeNull();
  });

  test.each([
    ["no JSON", "{"],
    ["no object", "[1]"],
    ["null", "null"],
  ])("with %s is refused with 400", async (_what, text) => {
    const reply = await post(server, text);
    expect([reply.status, (await error(reply)).code]).toEqual([400, "bad_request"]);
  });

  test.each([
    ["an unknown key", { tenuer: 3 }, "tenuer"],
    ["a missing key", {}, "tenure"],
    ["an unknown category", { tenure: 3, contract: "Weekly" }, "Weekly"],
    ["a wrong type", { tenure: "3" }, "tenure"],
    ["a fraction for a whole number", { tenure: 1.5 }, "tenure"],
    ["no object as request", 7, "request"],
    ["no request", undefined, "request"],
  ])(
    "with %s is refused with 400 that names it, is recorded, and the replica answers on",
    async (_what, request, names) => {
      const pid = await replicaPid();
      const before = (await server.records()).length;
      const { status, body } = await server.call(model, request);
      expect([status, body.error.code]).toEqual([400, "bad_request"]);
      expect(body.error.message).toContain(names);
      const after = await server.records();
      expect(after.slice(before)).toMatchObject([
        { status: 400, errorCode: "bad_request", errorMessage: body.error.message },
      ]);
      await answersAsBefore(pid);
    },
  );

  test.each([
    ["no access key", {}],
    ["a wrong access key", { accessKey: "m0123" }],
    ["an access key that is no text", { accessKey: 7 }],
  ])("with %s is refused with 401", async (_what, key) => {
    const { status, body } = await server.api<{ error: { code: string } }>(
      "POST",
      "/model",
      { ...key, request: {} },
      {},
    );
    expect([status, body.error.code]).toEqual([401, "unauthorized"]);
  });

  test("with a Bearer key that opens nothing is refused with 401, though the access key is right", async () => {
    const body = { accessKey: model.accessKey, request: { tenure: 3 } };
    const { status } = await server.api("POST", "/model", body, { authorization: "Bearer nonsense" });
    expect(status).toBe(401);
  });

  test("with a key without the scope is refused with 403, with one that has it answered", async () => {
    const body = { accessKey: model.accessKey, request: { tenure: 3 } };
    const reader = await server.running.issueKey("test", ["metrics:read"]);
    const refused = await server.api<{ error: { code: string } }>("POST", "/model", body, bearer(reader.key));
    expect([refused.status, refused.body.error.code]).toEqual([403, "forbidden"]);
    const caller = await server.running.issueKey("test", ["models:call"]);
    expect((await server.api("POST", "/model", body, bearer(caller.key))).status).toBe(200);
  });

  test("by another method or path is 404", async () => {
    expect((await server.api("GET", "/model")).status).toBe(404);
    expect((await server.api("POST", "/modell", {})).status).toBe(404);
  });

  test("over the limit is refused with 413 after it is read, and the next one is answered", async () => {
    const pid = await replicaPid();
    const reply = await post(
      server,
      JSON.stringify({ accessKey: model.accessKey, request: { mode: "x".repeat(6e6) } }),
    );
    expect([reply.status, (await error(reply)).code]).toEqual([413, "too_large"]);
    await answersAsBefore(pid);
  });

  test("of another content type is refused with 415", async () => {
    const reply = await post(server, "tenure=3", "application/x-www-form-urlencoded");
    expect([reply.status, (await error(reply)).code]).toEqual([415, "unsupported_media_type"]);
  });

  test.each([
    ["throw", "no such customer"],
    ["reject", "later"],
    ["odd", "BigInt"],
  ])(
    "that makes the model fail (%s) is answered with 500 and recorded, and the replica lives",
    async (mode, message) => {
      const pid = await replicaPid();
      const before = (await server.records()).length;
      const { status, body } = await server.call(model, { tenure: 1, mode });
      expect([status, body.success, body.error.code]).toEqual([500, false, "model_error"]);
      expect(body.error.message).toContain(message);
      expect((await server.records()).slice(before)).toMatchObject([{ status: 500, errorCode: "model_error" }]);
      await answersAsBefore(pid);
    },
  );

  test("from a foreign page or under a foreign name is refused with 403", async () => {
    const body = { accessKey: model.accessKey, request: { tenure: 3 } };
    const foreign = await server.api("POST", "/model", body, { origin: "https://elsewhere.example" });
    expect(foreign.status).toBe(403);
    const own = await server.api("POST", "/model", body, { origin: server.running.url });
    expect(own.status).toBe(200);
  });
});

describe("a model that throws", () => {
  test("is answered with the cell and line of the notebook", async () => {
    await using server = await testServer();
    const model = await server.createModel("placed");
    const source = `export function predict() { throw new Error("boom"); }`;
    const lines = [
      { cell: "load", position: 2, firstLine: 1, lineCount: 2 },
      { cell: "explain", position: 4, firstLine: 3, lineCount: 5 },
    ];
    const build = writeBuild(server.home, `${source}\n//# sourceMappingURL=model.mjs.map\n`, { lines });
    await writeMap(build.folder, source);
    await server.deploy(model, build);
    const { status, body } = await server.call(model, {});
    expect(status).toBe(500);
    expect(body.error).toMatchObject({ message: "boom", cell: "cell 4 (explain)", line: 3 });
    expect(await server.records()).toMatchObject([{ errorPlace: "by_hand.ipynb, cell 4 (explain), line 3" }]);
  });
});

function bearer(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}` };
}

function post(server: TestServer, body: string, type = "application/json"): Promise<Response> {
  return fetch(`${server.running.url}/model`, { method: "POST", headers: { "content-type": type }, body });
}

async function error(reply: Response): Promise<{ code: string }> {
  return ((await reply.json()) as { error: { code: string } }).error;
}

/** A source map that sends the line of `source` in model.mjs to line 5 of cells.ts. */
async function writeMap(folder: string, source: string): Promise<void> {
  const { readFileSync, writeFileSync } = await import("node:fs");
  const before = readFileSync(`${folder}/model.mjs`, "utf8").split(source)[0]!.split("\n").length - 1;
  const mappings = `${";".repeat(before)}AAIA`; // first column of that line → source 0, line 5 (4 from 0), column 0
  writeFileSync(
    `${folder}/model.mjs.map`,
    JSON.stringify({ version: 3, sources: ["cells.ts"], sourcesContent: ["\n\n\n\n\n"], names: [], mappings }),
  );
}
