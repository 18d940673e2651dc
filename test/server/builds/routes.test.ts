// Builds over HTTP, up to a model that answers: what a client anywhere has to do, and what it is refused.
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Build, BuildInput, BuildNeed, Deployment, Model, Page } from "../../../lib/contract/model.ts";
import { type TestServer, testServer } from "../app/running-server.ts";
import { notebook } from "./notebooks.ts";

describe("builds over HTTP", () => {
  let server: TestServer;
  let model: Model;
  beforeAll(async () => {
    server = await testServer();
    model = await server.createModel("built");
  });
  afterAll(() => server[Symbol.asyncDispose]());

  async function upload(content: string): Promise<string> {
    const sha256 = createHash("sha256").update(content).digest("hex");
    const reply = await fetch(`${server.running.url}/api/v2/blobs/${sha256}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${server.running.token}`, "content-type": "application/octet-stream" },
      body: content,
    });
    expect(reply.status).toBe(204);
    return sha256;
  }

  type Answer = { build: Build } & { needs: BuildNeed[] };
  async function ask(text: string, inputs: BuildInput[] = []): Promise<{ status: number; body: Answer }> {
    const notebookSha256 = await upload(text);
    const body = { notebookPath: "notebooks/a.ipynb", notebookSha256, function: "explain", inputs };
    return server.api<Answer>("POST", "/api/v2/models/built/builds", body);
  }

  const text = notebook(
    "import { asset } from 'cellwright';\nimport { readFileSync } from 'node:fs';",
    "import { double } from './double.ts';",
    "const factor = Number(readFileSync(asset('data/factor.txt'), 'utf8'));",
    "throw new Error('not needed');",
    "export const explain = ({ n }: { n: number }) => double(n) * factor;",
  );

  test("what a build needs is sent by hash until it is whole; then it is deployed and answers", async () => {
    const inputs: BuildInput[] = [];
    const sources: Record<string, string> = {
      "./double.ts": "export const double = (n: number) => 2 * n;",
      "data/factor.txt": "10",
    };
    const asked: string[] = [];
    let answer = await ask(text);
    while (answer.body.needs) {
      expect(answer.status).toBe(200);
      for (const { path, kind } of answer.body.needs) {
        asked.push(path);
        inputs.push({ path, kind, files: [{ path: path.split("/").at(-1)!, sha256: await upload(sources[path]!) }] });
      }
      answer = await ask(text, inputs);
    }
    expect(asked).toEqual(["./double.ts", "data/factor.txt"]);
    expect(answer.status).toBe(201);
    expect(answer.body.build.cells.filter(({ kept }) => kept).map(({ position }) => position)).toEqual([1, 2, 3, 5]);
    expect((await ask(text, inputs)).status).toBe(200);
    const deployment = await server.deployAgain(model, answer.body.build.id);
    expect(deployment.status).toBe("deployed");
    expect((await server.call(model, { n: 4 })).body).toMatchObject({ success: true, response: 80 });
    const { body } = await server.api<Page<Build>>("GET", "/api/v2/models/built/builds");
    expect(body.items.map(({ id }) => id)).toEqual([answer.body.build.id]);
    expect((await server.api<Build>("GET", `/api/v2/models/built/builds/${answer.body.build.id}`)).body).toEqual(
      answer.body.build,
    );
  });

  test("uploads gone, the deployment comes back after a restart of the server", async () => {
    rmSync(join(server.home, "artifacts"), { recursive: true, force: true });
    await server.restart();
    expect((await server.call(model, { n: 5 })).body).toMatchObject({ success: true, response: 100 });
    const { body } = await server.api<Page<Deployment>>("GET", "/api/v2/models/built/deployments");
    expect(body.items).toMatchObject([{ status: "deployed" }]);
  });

  test("a throw in the model says its cell and line", async () => {
    const throwing = notebook(
      "import { modelMetrics } from 'cellwright';",
      "function inner(): never {\n  throw new Error('inside');\n}",
      "export const explain = modelMetrics(() => inner(), {});",
    );
    const { body } = await ask(throwing);
    await server.deployAgain(model, body.build.id);
    const reply = await server.call(model, {});
    expect(reply.status).toBe(500);
    expect(reply.body.error).toMatchObject({ code: "model_error", cell: "cell 2 (c2)", line: 2 });
  });

  test("a notebook that gives no build is 400 with the reason", async () => {
    const reply = await ask(notebook("const a = 1;"));
    expect(reply).toMatchObject({
      status: 400,
      body: {
        error: {
          code: "bad_request",
          message: "Cannot build explain: the notebook has no such export, it exports nothing",
        },
      },
    });
  });

  test.each([
    ["no notebook", "not JSON", /Cannot read notebooks\/a\.ipynb/],
    [
      "another language",
      '{"nbformat":4,"nbformat_minor":5,"metadata":{"kernelspec":{"language":"python"}},"cells":[]}',
      /a notebook in python/,
    ],
  ])("%s is 400", async (_what, content, message) => {
    expect(await ask(content)).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(message) } },
    });
  });

  test.each([
    [
      "an unknown model",
      "POST",
      "/api/v2/models/nobody/builds",
      { notebookPath: "a", notebookSha256: "0".repeat(64), function: "f" },
      404,
    ],
    ["a body of another shape", "POST", "/api/v2/models/built/builds", { notebook: "a" }, 400],
    [
      "an unknown key",
      "POST",
      "/api/v2/models/built/builds",
      { notebookPath: "a", notebookSha256: "0".repeat(64), function: "f", more: 1 },
      400,
    ],
    [
      "a blob that was not uploaded",
      "POST",
      "/api/v2/models/built/builds",
      { notebookPath: "a", notebookSha256: "0".repeat(64), function: "f" },
      400,
    ],
    ["hashes that are none", "POST", "/api/v2/blobs/missing", { hashes: ["../../x"] }, 400],
    ["a page size that is none", "GET", "/api/v2/models/built/builds?page_size=0", undefined, 400],
    ["a page token that is none", "GET", "/api/v2/models/built/builds?page_token=x", undefined, 400],
    ["an unknown build", "GET", `/api/v2/models/built/builds/${"0".repeat(64)}`, undefined, 404],
  ])("%s is refused", async (_what, method, path, body, status) => {
    expect((await server.api(method, path, body)).status).toBe(status);
  });

  test("without a key there is neither upload nor build", async () => {
    for (const [method, path] of [
      ["PUT", `/api/v2/blobs/${"0".repeat(64)}`],
      ["POST", "/api/v2/blobs/missing"],
      ["POST", "/api/v2/models/built/builds"],
      ["GET", "/api/v2/models/built/builds"],
    ] as const)
      expect((await server.api(method, path, method === "POST" ? {} : undefined, {})).status, path).toBe(401);
  });

  test("a content with another hash is refused and not kept", async () => {
    const sha256 = createHash("sha256").update("one").digest("hex");
    const reply = await fetch(`${server.running.url}/api/v2/blobs/${sha256}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${server.running.token}` },
      body: "two",
    });
    expect(reply.status).toBe(400);
    const { body } = await server.api<{ missing: string[] }>("POST", "/api/v2/blobs/missing", { hashes: [sha256] });
    expect(body.missing).toEqual([sha256]);
  });
});
