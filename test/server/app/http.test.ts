// What the server answers beside its rooms' routes: health, version, metrics, pages, unknown paths, events; and how it starts.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer } from "../../../server/app.ts";
import { createExpressApp } from "../../../server/express-app.ts";
import { silentLog } from "../../../server/log.ts";
import { temporaryFolder } from "../../support/cli.ts";
import { writeBuild } from "../deployments/hand-made-builds.ts";
import { TestServer, testServer } from "./running-server.ts";

describe("the server", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await testServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const open = (path: string) => server.api<string>("GET", path, undefined, {});

  test("says to anyone that it is well, and its version", async () => {
    const health = await open("/health");
    expect([health.status, health.body]).toEqual([200, "OK"]);
    expect((await open("/version")).body).toMatch(/^\d+\.\d+\.\d+/);
  });

  test("leads to the dashboard", async () => {
    const { status, headers } = await open("/");
    expect([status, headers.get("location")]).toEqual([302, "/ui/"]);
  });

  test("answers an unknown path as JSON, with the id its log has", async () => {
    const { status, body, headers } = await server.api<{ error: object }>("GET", "/api/v2/elsewhere?token=x");
    expect(status).toBe(404);
    expect(body).toEqual({
      success: false,
      error: {
        code: "not_found",
        message: "Cannot find GET /api/v2/elsewhere",
        requestId: headers.get("x-request-id"),
      },
    });
  });

  test("lets pages load nothing from elsewhere, be framed by nobody, and says not what it runs on", async () => {
    const { headers } = await open("/health");
    const policy = headers.get("content-security-policy")!;
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain("unsafe-eval");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-powered-by")).toBeNull();
    expect(headers.get("access-control-allow-origin")).toBeNull();
  });

  test("counts predictions for Prometheus, who needs a key", async () => {
    const model = await server.serve("counted", "export const predict = () => 1;");
    await server.call(model, {});
    expect((await open("/metrics")).status).toBe(401);
    const { status, body } = await server.api<string>("GET", "/metrics");
    expect(status).toBe(200);
    expect(body).toMatch(/cellwright_predictions_total\{deployment="crn:[^"]+",status="200"\} 1/);
  });

  test("tells a watcher of a model its calls and deployments as they happen", async () => {
    const model = await server.createModel("watched");
    const stop = new AbortController();
    const events = await fetch(`${server.running.url}/api/v2/models/watched/events`, {
      headers: { authorization: `Bearer ${server.running.token}` },
      signal: stop.signal,
    });
    const seen = reading(events, (text) => /event: prediction/.test(text) && /"status":"deployed"/.test(text));
    await server.deploy(model, writeBuild(server.home, "export const predict = () => 2;"));
    await server.call(model, {});
    expect(await seen).toMatch(/event: deployment\ndata: \{.*"status":"deploying"/);
    stop.abort();
  });
});

describe("the dashboard", () => {
  test("is served as files, any page's address gives its first page, a missing file is 404", async () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, "assets"));
    writeFileSync(join(folder.path, "index.html"), "<p>the dashboard</p>");
    writeFileSync(join(folder.path, "assets", "page-1a2b.js"), "export {};");
    await using server = await serving(folder.path);
    const get = (path: string) => fetch(server.url + path);
    for (const path of ["/ui/", "/ui", "/ui/models/churn", "/ui/models/churn.v2", "/ui/models/churn?range=1h"]) {
      const page = await get(path);
      expect([page.status, await page.text()], path).toEqual([200, "<p>the dashboard</p>"]);
      expect(page.headers.get("cache-control")).toBe("no-cache");
    }
    const asset = await get("/ui/assets/page-1a2b.js");
    expect(asset.headers.get("content-type")).toMatch(/javascript/);
    expect(asset.headers.get("cache-control")).toContain("immutable");
    expect((await get("/ui/assets/gone.js")).status).toBe(404);
    expect((await get("/ui/..%2f..%2fpackage.json")).status).toBe(404);
    expect((await get("/ui/../package.json")).status).toBe(404);
  });

  test("that was not built says how to", async () => {
    using folder = temporaryFolder();
    await using server = await serving(folder.path);
    const page = await fetch(`${server.url}/ui/`);
    expect(page.status).toBe(404);
    expect(await page.text()).toContain("npm run build");
  });
});

describe("a home", () => {
  test("has one server at a time", async () => {
    await using server = await testServer();
    await expect(startServer(server.settings)).rejects.toThrow(`process id ${process.pid}`);
    expect((await server.api("GET", "/api/v2/status")).status).toBe(200);
  });

  test("is let go when the start fails", async () => {
    await using taken = await testServer();
    await using server = new TestServer();
    const port = Number(new URL(taken.running.url).port);
    await expect(startServer({ ...server.settings, port })).rejects.toThrow(`port ${port}: found it taken`);
    expect(existsSync(join(server.home, "server.lock"))).toBe(false);
    await server.start();
    expect(server.running.wasEmpty).toBe(true);
  });
});

/** Reads a stream until its text is as wanted. */
async function reading(reply: Response, enough: (text: string) => boolean): Promise<string> {
  let text = "";
  for await (const chunk of reply.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (enough(text)) return text;
  }
  throw new Error(`The stream ended: ${text}`);
}

/** The Express app alone, with this dashboard. */
async function serving(web: string): Promise<{ url: string } & AsyncDisposable> {
  const auth = { isStartToken: () => false, authenticate: async () => undefined } as never;
  const { app } = createExpressApp({
    auth,
    hostRules: { host: "127.0.0.1", allowedHosts: [] },
    log: silentLog(),
    version: "0",
    requestBytes: 1000,
    web,
    api: [],
    machine: [],
    lab: [],
  });
  const server = app.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
