// Who gets in, over HTTP: the start token in its four forms, sessions, scoped keys, foreign pages; and that no route was forgotten.
import { readFileSync, statSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import express, { Router } from "express";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allow } from "../../../server/auth/principal.ts";
import { routeRules } from "../../../server/auth/route-rules.ts";
import { type TestServer, testServer } from "../app/running-server.ts";

const status = "/api/v2/status";

describe("the start token", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await testServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const withHeader = (authorization: string) => server.api("GET", status, undefined, { authorization });

  test("opens as Bearer, as token and as the password of any user", async () => {
    const { token } = server.running;
    const basic = Buffer.from(`whoever:${token}`).toString("base64");
    for (const header of [`Bearer ${token}`, `token ${token}`, `bearer ${token}`, `Basic ${basic}`]) {
      expect((await withHeader(header)).status, header.split(" ")[0]).toBe(200);
    }
  });

  test("is asked for: nothing, a wrong one and a part of it are 401", async () => {
    const { token } = server.running;
    expect((await server.api("GET", status, undefined, {})).status).toBe(401);
    for (const header of [`Bearer ${token}x`, `Bearer ${token.slice(1)}`, "Bearer", `Digest ${token}`, token]) {
      const { status: found, headers } = await withHeader(header);
      expect([found, headers.get("www-authenticate")], header).toEqual([401, "Bearer"]);
    }
  });

  test("in a browser's address becomes a session, and the address loses it", async () => {
    const { token, url } = server.running;
    const first = await server.api("GET", `/ui/models/churn?token=${token}&tab=calls`, undefined, {});
    expect([first.status, first.headers.get("location")]).toEqual([302, "/ui/models/churn?tab=calls"]);
    const cookie = first.headers.get("set-cookie")!;
    expect(cookie).toMatch(/^cellwright-session-\d+=[^;]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
    expect(cookie).not.toContain(token);
    const session = cookie.split(";")[0]!;
    expect((await server.api("GET", status, undefined, { cookie: `other=1; ${session}` })).status).toBe(200);
    const forged = session.replace(/=\d/, "=9");
    expect((await server.api("GET", status, undefined, { cookie: forged })).status).toBe(401);
    expect((await server.api("POST", "/api/v2/models", { name: "a" }, { cookie: session, origin: url })).status).toBe(
      201,
    );
    expect(
      (await server.api("POST", "/api/v2/models", { name: "b" }, { cookie: session, origin: "http://127.0.0.1:1" }))
        .status,
    ).toBe(403);
  });

  test("in an address never leads to another site", async () => {
    const reply = await server.api("GET", `//elsewhere.example/?token=${server.running.token}`, undefined, {});
    expect(reply.headers.get("location")).toMatch(/^\/(?![/\\])/);
  });

  test("is kept in the home for its owner alone, and is never logged", async () => {
    const { token, url } = server.running;
    await fetch(`${url}/ui/?token=${token}`, { redirect: "manual" });
    await server.api("GET", "/api/v2/nothing");
    for (const file of ["token", "server.json", "cellwright.db"]) {
      expect(statSync(join(server.home, file)).mode & 0o077, file).toBe(0);
    }
    const model = await server.createModel("logged");
    await server.call({ accessKey: "m-wrong" }, {});
    await server.call(model, {});
    await server.restart();
    const log = readFileSync(join(server.home, "logs", "server.log"), "utf8");
    expect(log).toContain("/api/v2/nothing");
    expect(log).not.toContain(token);
    expect(log).not.toContain(model.accessKey);
    expect(server.running.token).toBe(token);
  });

  test("opens nothing any more once it is rotated, nor do sessions made from it", async () => {
    const { token } = server.running;
    const { headers } = await server.api("GET", `/?token=${token}`, undefined, {});
    const cookie = headers.get("set-cookie")!.split(";")[0]!;
    const { body } = await server.api<{ token: string }>("POST", "/api/v2/token/rotate");
    expect(body.token).not.toBe(token);
    expect((await server.api("GET", status, undefined, { authorization: `Bearer ${token}` })).status).toBe(401);
    expect((await server.api("GET", status, undefined, { cookie })).status).toBe(401);
    expect((await server.api("GET", status, undefined, { authorization: `Bearer ${body.token}` })).status).toBe(200);
    const kept = JSON.parse(readFileSync(join(server.home, "server.json"), "utf8")) as { token: string };
    expect(kept.token).toBe(body.token);
  });
});

describe("a key of its own", () => {
  test("opens what it was made for and no more, until it is revoked", async () => {
    await using server = await testServer();
    const { key, revoke } = await server.running.issueKey("kernel:test", ["models:read"]);
    const headers = { authorization: `Bearer ${key}` };
    expect((await server.api("GET", "/api/v2/models", undefined, headers)).status).toBe(200);
    const refused = await server.api<{ error: { code: string; message: string } }>(
      "POST",
      "/api/v2/models",
      { name: "a" },
      headers,
    );
    expect([refused.status, refused.body.error.code]).toEqual([403, "forbidden"]);
    expect(refused.body.error.message).toContain("models:write");
    expect((await server.api("POST", "/api/v2/token/rotate", undefined, headers)).status).toBe(403);
    await revoke();
    expect((await server.api("GET", "/api/v2/models", undefined, headers)).status).toBe(401);
  });

  test("is what a replica gets, never the start token, and it reads metrics alone", async () => {
    await using server = await testServer();
    const model = await server.serve("env", "export const predict = () => ({ ...process.env });");
    const { body } = await server.call(model, {});
    const env = body.response as unknown as Record<string, string>;
    expect(env["CELLWRIGHT_URL"]).toBe(server.running.url);
    expect(JSON.stringify(env)).not.toContain(server.running.token);
    const headers = { authorization: `Bearer ${env["CELLWRIGHT_TOKEN"]}` };
    expect((await server.api("POST", "/api/v2/metrics/read", {}, headers)).status).toBe(200);
    expect((await server.api("GET", "/api/v2/models", undefined, headers)).status).toBe(403);
    await server.restart();
    expect((await server.api("POST", "/api/v2/metrics/read", {}, headers)).status).toBe(401);
  });
});

describe("foreign requests", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await testServer();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test.each([
    ["localhost", 200],
    ["LOCALHOST:1234", 200],
    ["127.0.0.1", 200],
    ["[::1]:8888", 200],
    ["192.168.1.7", 200],
    ["rebound.example", 403],
    ["localhost.rebound.example", 403],
    ["127.0.0.1.rebound.example", 403],
  ])("under the name %j are answered with %i, on Express and on the plain handler alike", async (host, expected) => {
    expect(await statusUnder(server, "GET", "/health", host)).toBe(expected);
    expect(await statusUnder(server, "POST", "/model", host)).toBe(expected === 200 ? 401 : 403);
  });

  test("under a name below localhost are an application's, never ours", async () => {
    for (const host of ["app.localhost", "APP.localhost:1234", "a.b.localhost", "app.localhost."]) {
      expect(await statusUnder(server, "GET", "/health", host), host).toBe(404);
      expect(await statusUnder(server, "POST", "/model", host), host).toBe(404);
    }
  });

  test("from another page may not change anything, with the right key neither", async () => {
    const post = (headers: Record<string, string>) =>
      server.api(
        "POST",
        "/api/v2/models",
        { name: "x" },
        { authorization: `Bearer ${server.running.token}`, ...headers },
      );
    expect((await post({ origin: "https://elsewhere.example" })).status).toBe(403);
    expect((await post({ origin: "null" })).status).toBe(403);
    expect((await post({ origin: server.running.url.replace("http", "ws") })).status).toBe(403);
    expect((await post({ origin: server.running.url })).status).toBe(201);
  });
});

describe("the route table", () => {
  test("has a rule on every route, and only these are open to anyone", async () => {
    await using server = await testServer();
    expect(server.running.rules.length).toBeGreaterThan(10);
    const open = server.running.rules.filter(({ rule }) => rule === "anyone");
    expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
      "get /",
      "get /health",
      "get /ui,/ui/{*path}",
      "get /version",
    ]);
  });

  test("refuses all of them but those without a key", async () => {
    await using server = await testServer();
    for (const { method, path, rule } of server.running.rules) {
      if (rule === "anyone") continue;
      for (const at of String(path).split(",").map(anyAddress)) {
        const url = /^\/(metrics$|(lab|api|files|kernelspecs|nbconvert)\b)/.test(at) ? at : `/api/v2${at}`;
        const { status: found } = await server.api(method.toUpperCase(), url, undefined, {});
        expect(found, `${method} ${url}`).toBe(401);
      }
    }
  });

  test("does not take a route without a rule, however deep", () => {
    const app = express();
    const inner = Router();
    inner.get("/ruled", allow("models:read"), (_req, res) => void res.end());
    const outer = Router();
    outer.use("/deeper", inner);
    app.use("/api", outer);
    expect(routeRules(app.router)).toEqual([{ method: "get", path: "/ruled", rule: "models:read" }]);
    inner.post("/forgotten", (_req, res) => void res.end());
    expect(() => routeRules(app.router)).toThrow("found no rule on POST /forgotten");
  });

  test("does not take a rule that comes after the handler", () => {
    const router = Router();
    router.get("/late", (_req, res) => void res.end(), allow("models:read"));
    expect(() => routeRules(router)).toThrow("found no rule on GET /late");
  });
});

/** `/models/:name{/*rest}` → `/models/x` */
function anyAddress(path: string): string {
  let required = path;
  while (required.includes("{")) required = required.replace(/\{[^{}]*\}/g, "");
  return required.replace(/[:*]\w+/g, "x");
}

/** fetch does not let a Host header through. */
function statusUnder(server: TestServer, method: string, path: string, host: string): Promise<number> {
  const { hostname, port } = new URL(server.running.url);
  const headers = { host, "content-type": "application/json" };
  return new Promise((resolve, reject) => {
    const req = request({ hostname, port, method, path, headers }, (res) => {
      res.resume();
      resolve(res.statusCode!);
    });
    req.once("error", reject);
    req.end(method === "POST" ? "{}" : undefined);
  });
}
