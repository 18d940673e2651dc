// Models, deployments and status over HTTP.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Deployment, Model, Page } from "../../../lib/contract/model.ts";
import { type TestServer, testServer } from "../app/running-server.ts";
import { writeBuild } from "./hand-made-builds.ts";

interface Refused {
  readonly error: { readonly code: string; readonly message: string; readonly requestId: string };
}

describe("models", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await testServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test("are made once: a taken name is 409 with the reason", async () => {
    const made = await server.api<Model>("POST", "/api/v2/models", { name: "churn", description: "leaving?" });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name: "churn", description: "leaving?" });
    expect(made.body.accessKey).toMatch(/^m[0-9a-f]{32}$/);
    const again = await server.api<Refused>("POST", "/api/v2/models", { name: "churn" });
    expect([again.status, again.body.error.code]).toEqual([409, "conflict"]);
    expect(again.body.error.message).toContain('"churn"');
    expect((await server.api<Model>("GET", "/api/v2/models/churn")).body).toEqual(made.body);
  });

  test("made at once under one name are one", async () => {
    const replies = await Promise.all(
      Array.from({ length: 5 }, () => server.api("POST", "/api/v2/models", { name: "race" })),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });

  test.each([
    ["no name", {}, 400],
    ["a name with spaces", { name: "my model" }, 400],
    ["an unknown key", { name: "m", colour: "red" }, 400],
  ])("with %s are refused", async (_what, body, expected) => {
    const reply = await server.api<Refused>("POST", "/api/v2/models", body);
    expect([reply.status, reply.body.error.code]).toEqual([expected, "bad_request"]);
    expect(reply.body.error.requestId).toBe(reply.headers.get("x-request-id"));
  });

  test("unknown are 404, as are deployments and builds that are not there", async () => {
    await server.api("POST", "/api/v2/models", { name: "bare" });
    for (const [method, path, body] of [
      ["GET", "/api/v2/models/nobody", undefined],
      ["GET", "/api/v2/deployments/nothing", undefined],
      ["POST", "/api/v2/deployments/nothing/stop", undefined],
      ["POST", "/api/v2/models/bare/deployments", { build: "f".repeat(64) }],
      ["GET", "/api/v2/nowhere", undefined],
    ] as const) {
      const { status, body: refused } = await server.api<Refused>(method, path, body);
      expect([status, refused.error.code], `${method} ${path}`).toEqual([404, "not_found"]);
    }
  });

  test("are listed in pages by name", async () => {
    const names: string[] = [];
    let token: string | undefined;
    do {
      const path: string = `/api/v2/models?page_size=2${token ? `&page_token=${token}` : ""}`;
      const { body } = await server.api<Page<Model>>("GET", path);
      expect(body.items.length).toBeLessThanOrEqual(2);
      names.push(...body.items.map(({ name }) => name));
      token = body.next_page_token;
    } while (token);
    expect(names).toEqual([...names].sort());
    expect(names).toEqual(expect.arrayContaining(["bare", "churn", "race"]));
    expect((await server.api("GET", "/api/v2/models?page_size=0")).status).toBe(400);
  });

  test("refuse a body that is no JSON by its type, and broken JSON without repeating it", async () => {
    const { url, token } = server.running;
    const post = (type: string, body: string) =>
      fetch(`${url}/api/v2/models`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": type },
        body,
      });
    expect((await post("text/plain", "x")).status).toBe(415);
    const broken = await post("application/json", '{"name": "secret-name');
    expect(broken.status).toBe(400);
    expect(await broken.text()).not.toContain("secret-name");
    expect((await post("application/json", JSON.stringify({ name: "x".repeat(6e6) }))).status).toBe(413);
  });

  test("show their deployment with signature and example, in status too", async () => {
    const model = await server.createModel("shown");
    const signature = { inputs: [{ name: "a", type: "double" as const }] };
    const source = `export const predict = modelMetrics(() => 1, { signature: ${JSON.stringify(signature)}, example: { a: 2 } });`;
    const deployed = await server.deploy(model, writeBuild(server.home, source));
    expect(deployed).toMatchObject({ status: "deployed", replicas: 1, readyReplicas: 1, signature, example: { a: 2 } });
    const { body } = await server.api<Model>("GET", "/api/v2/models/shown");
    expect(body.deployment).toEqual(deployed);
    const status = await server.api<{ models: { name: string }[] }>("GET", "/api/v2/status");
    expect(status.body).toMatchObject({ url: server.running.url, pid: process.pid, jobRuns: [] });
    expect(status.body.models.find(({ name }) => name === "shown")).toEqual({
      name: "shown",
      accessKey: model.accessKey,
      deployments: [{ crn: deployed.crn, status: "deployed", replicas: 1 }],
    });
    const stopped = await server.api<Deployment>("POST", `/api/v2/deployments/${deployed.id}/stop?wait=1`);
    expect(stopped.body).toMatchObject({ status: "stopped", readyReplicas: 0 });
  });
});
