// The way to an application, with a plain Express one and its WebSocket behind: any framework's runs the same. Who gets in, what it
// sees of us, and that nothing of ours is reached from its origin.
import { copyFileSync, symlinkSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { Application } from "../../../lib/contract/application.ts";
import { root } from "../../support/cli.ts";
import { until } from "../app/processes.ts";
import { TestServer, testServer } from "../app/running-server.ts";
import { askOrigin, type OriginRequest } from "./app-requests.ts";

const html = { accept: "text/html" };

async function plainServer(server: TestServer): Promise<TestServer> {
  copyFileSync(join(root, "test/fixtures/applications/plain-express.mjs"), join(server.home, "plain.mjs"));
  symlinkSync(join(root, "node_modules"), join(server.home, "node_modules"));
  for (const [name, bypassAuthentication] of [
    ["plain", false],
    ["open", true],
  ] as const) {
    const body = { name, file: "plain.mjs", bypassAuthentication };
    const made = await server.api<Application>("POST", "/api/v2/applications?wait=1", body);
    if (made.body.status !== "running") throw new Error(JSON.stringify(made.body));
  }
  return server;
}

describe("an application's own origin", () => {
  let server: TestServer;
  let session: string;
  beforeAll(async () => {
    server = await plainServer(await testServer());
    session = await enter("plain");
  }, 60_000);
  afterAll(() => server[Symbol.asyncDispose]());

  const ask = (name: string, path: string, options: OriginRequest = {}) =>
    askOrigin(server.running.url, `${name}.localhost`, path, options);
  const portOf = (): string => new URL(server.running.url).port;

  /** Goes through the door as a browser does; gives the cookie. */
  async function enter(name: string): Promise<string> {
    const opened = await server.api("GET", `/api/v2/applications/${name}/open?path=/seen?a=1`);
    expect(opened.status).toBe(302);
    const to = new URL(opened.headers.get("location")!);
    expect(to.origin).toBe(`http://${name}.localhost:${portOf()}`);
    const entered = await ask(name, to.pathname + to.search);
    expect([entered.status, entered.headers.location]).toEqual([302, "/seen?a=1"]);
    return entered.headers["set-cookie"]![0]!.split(";")[0]!;
  }

  test("opens with a ticket that works once and becomes a session of that application alone", async () => {
    const opened = await server.api("GET", "/api/v2/applications/plain/open");
    const { pathname, search } = new URL(opened.headers.get("location")!);
    const first = await ask("plain", pathname + search);
    expect(first.headers["set-cookie"]).toEqual([
      expect.stringMatching(/^cellwright-application-plain-\d+=[^;]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/),
    ]);
    expect(first.headers.location).toBe("/");
    const again = await ask("plain", pathname + search);
    expect([again.status, again.headers["set-cookie"]]).toEqual([302, undefined]);
    expect((await ask("plain", "/", { headers: { cookie: session } })).body).toContain("A plain page");
    const elsewhere = (await server.api("GET", "/api/v2/applications/open/open")).headers.get("location")!;
    const foreign = await ask("plain", `/${new URL(elsewhere).search}`);
    expect(foreign.headers["set-cookie"]).toBeUndefined();
  });

  test("says how to get in to whom has no session: a page for people, JSON for programs", async () => {
    const page = await ask("plain", "/deep?x=1", { headers: html });
    expect(page.status).toBe(401);
    expect(page.body).toContain(`${server.running.url}/api/v2/applications/plain/open?path=%2Fdeep%3Fx%3D1`);
    expect(JSON.parse((await ask("plain", "/")).body)).toMatchObject({ error: { code: "unauthorized" } });
    const forged = session.replace(/=\d/, "=9");
    expect((await ask("plain", "/", { headers: { cookie: forged } })).status).toBe(401);
    const renamed = session.replace("-plain-", "-open-");
    expect((await ask("plain", "/", { headers: { cookie: renamed } })).status).toBe(401);
  });

  test("takes a key that may read applications, and no other of ours", async () => {
    const withKey = async (scope: "applications:read" | "models:read") => {
      const { key } = await server.running.issueKey("kernel:test", [scope]);
      return ask("plain", "/seen", { headers: { authorization: `Bearer ${key}` } });
    };
    const seen = await withKey("applications:read");
    expect(seen.status).toBe(200);
    expect(JSON.parse(seen.body).headers.authorization).toBeUndefined();
    expect((await withKey("models:read")).status).toBe(401);
  });

  test("is open to anyone where authentication is bypassed, but not under a foreign name or from a foreign page", async () => {
    expect((await ask("open", "/")).status).toBe(200);
    const post = (origin?: string) =>
      ask("open", "/echo", { method: "POST", body: "hello", headers: origin === undefined ? {} : { origin } });
    expect((await post()).body).toBe("hello");
    expect((await post(`http://open.localhost:${portOf()}`)).body).toBe("hello");
    expect((await post("https://elsewhere.example")).status).toBe(403);
    expect((await post(server.running.url)).status).toBe(403);
    expect((await askOrigin(server.running.url, "open.localhost.rebound.example", "/")).status).toBe(403);
  });

  test("shows the application neither our cookies nor our keys, and says where the request came from", async () => {
    const cookie = `theirs=1; cellwright-session-${portOf()}=ours; ${session}`;
    const { body } = await ask("plain", "/seen?b=2", {
      headers: { cookie, authorization: `Bearer ${server.running.token}`, "x-forwarded-for": "6.6.6.6" },
    });
    const { url, headers } = JSON.parse(body);
    expect(url).toBe("/seen?b=2");
    expect(headers).toMatchObject({
      host: `plain.localhost:${portOf()}`,
      cookie: "theirs=1",
      "x-forwarded-host": `plain.localhost:${portOf()}`,
      "x-forwarded-proto": "http",
      "x-forwarded-for": expect.stringContaining("127.0.0.1"),
    });
    expect(headers.authorization).toBeUndefined();
    const theirs = await ask("plain", "/seen", { headers: { cookie: session, authorization: "Bearer theirs" } });
    expect(JSON.parse(theirs.body).headers.authorization).toBe("Bearer theirs");
  });

  test("lets the application set its own cookies, for its host alone, and none of ours", async () => {
    const { headers } = await ask("plain", "/cookies", { headers: { cookie: session } });
    expect(headers["set-cookie"]).toEqual(["mine=1; Path=/"]);
  });

  test("does not lead to our API or pages, nor its session to anything of ours", async () => {
    for (const path of ["/api/v2/status", "/ui/", "/health", "/metrics"]) {
      expect((await ask("plain", path, { headers: { cookie: session } })).body, path).toContain("Cannot GET");
    }
    expect((await ask("plain", "/model", { method: "POST", headers: { cookie: session } })).body).toContain(
      "Cannot POST",
    );
    expect((await server.api("GET", "/api/v2/status", undefined, { cookie: session })).status).toBe(401);
    expect((await ask("nobody", "/api/v2/status", { headers: html })).status).toBe(404);
  });

  test("streams both ways: a body as it comes, events as they happen, and tells when the reader goes", async () => {
    const { hostname, port } = new URL(server.running.url);
    const headers = { host: `open.localhost:${port}` };
    const heard: string[] = [];
    const echo = request({ hostname, port, method: "POST", path: "/echo", headers }, (res) =>
      res.on("data", (chunk) => heard.push(String(chunk))),
    );
    echo.write("one");
    await until(() => heard.join("") === "one");
    echo.end("two");
    await until(() => heard.join("") === "onetwo");

    const events = request({ hostname, port, path: "/events", headers }, (res) =>
      res.on("data", (chunk) => heard.push(String(chunk))),
    ).on("error", () => {});
    events.end();
    await until(() => heard.join("").includes("data: first"));
    events.destroy();
    await until(async () => {
      const { body } = await server.api<string>("GET", "/api/v2/applications/open/log");
      return body.includes("events closed");
    });
  });

  test("passes WebSockets, with a session and from its own pages only", async () => {
    const own = `http://plain.localhost:${portOf()}`;
    const { received, socket } = await openSocket("plain", { cookie: session, origin: own });
    socket.send("hello");
    await until(() => received.includes("echo hello"));
    const seen = JSON.parse(received[0]!);
    expect([seen.cookie, seen["x-forwarded-host"]]).toEqual([undefined, `plain.localhost:${portOf()}`]);
    socket.close();
    await expect(openSocket("plain", { origin: own })).rejects.toThrow("401");
    await expect(openSocket("plain", { cookie: session, origin: "https://elsewhere.example" })).rejects.toThrow("403");
    await expect(openSocket("open", { origin: server.running.url })).rejects.toThrow("403");
    await expect(openSocket("nobody", {})).rejects.toThrow("404");
  });

  function openSocket(name: string, headers: Record<string, string>) {
    const socket = new WebSocket(server.running.url.replace("http", "ws"), {
      headers: { host: `${name}.localhost:${portOf()}`, ...headers },
    });
    const received: string[] = [];
    socket.on("message", (text) => received.push(String(text)));
    return new Promise<{ socket: WebSocket; received: string[] }>((resolve, reject) => {
      socket.once("open", () => resolve({ socket, received }));
      socket.once("error", reject);
    });
  }

  test("shows a plain page while the application is down: one that looks again by itself, one that says why", async () => {
    const down = async (): Promise<{ status: number; body: string }> => ask("open", "/", { headers: html });
    await ask("open", "/crash").catch(() => {});
    await until(async () => (await down()).status === 503);
    const restarting = await down();
    if (restarting.status === 503) {
      expect(restarting.body).toMatch(/http-equiv="refresh"[\s\S]*open is (being restarted|starting)/);
    }
    await until(async () => (await down()).status === 200);
    await server.api("POST", "/api/v2/applications/open/stop");
    const stopped = await down();
    expect(stopped.status).toBe(503);
    expect(stopped.body).toContain("open is stopped");
    expect(stopped.body).not.toContain('http-equiv="refresh"');
  });

  test("ends with the server, sockets and streams too", async () => {
    const { socket } = await openSocket("plain", { cookie: session });
    const closed = new Promise((resolve) => socket.once("close", resolve));
    const started = performance.now();
    await server.restart();
    await closed;
    expect(performance.now() - started).toBeLessThan(9000); // nothing had to be cut
    expect(await enter("plain")).toContain("cellwright-application-plain");
  });
});

describe("where NAME.localhost leads nowhere", () => {
  test("an application has a port of its own, opened by the name the browser came by", async () => {
    const server = new TestServer();
    Object.assign(server.settings, { appPorts: { first: 0, last: 0 } });
    await using _ends = await plainServer(await server.start());
    const { body } = await server.api<Application>("GET", "/api/v2/applications/plain");
    expect(body.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(body.url).not.toBe(server.running.url);
    const opened = await server.api("GET", "/api/v2/applications/plain/open?path=/seen");
    const to = opened.headers.get("location")!;
    expect(to.startsWith(`${body.url}/seen?`)).toBe(true);
    const entered = await fetch(to, { redirect: "manual" });
    const cookie = entered.headers.get("set-cookie")!.split(";")[0]!;
    const seen = (await (await fetch(`${body.url}/seen`, { headers: { cookie } })).json()) as { url: string };
    expect(seen.url).toBe("/seen");
    expect((await fetch(body.url)).status).toBe(401);
    expect((await fetch(`${body.url}/api/v2/status`, { headers: { cookie } })).status).toBe(404);
    expect((await server.api("GET", "/api/v2/status", undefined, { cookie })).status).toBe(401);
    const socket = new WebSocket(body.url.replace("http", "ws"), { headers: { cookie } });
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    socket.close();
  });

  test("a server without such ports says what is missing instead of leading astray", async () => {
    await using server = await plainServer(await testServer());
    const { hostname, port } = new URL(server.running.url);
    const reply = await new Promise<{ status: number; body: string }>((resolve, reject) => {
      const headers = { host: "192.168.1.7", authorization: `Bearer ${server.running.token}` };
      const path = "/api/v2/applications/plain/open";
      request({ hostname, port, path, headers }, (res) => {
        let body = "";
        res.on("data", (chunk) => {
          body += chunk;
        });
        res.once("end", () => resolve({ status: res.statusCode!, body }));
      })
        .once("error", reject)
        .end();
    });
    expect([reply.status, reply.body]).toEqual([400, expect.stringContaining("CELLWRIGHT_APP_PORTS")]);
  });
});
