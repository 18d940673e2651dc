// Lab's doors, all of them: each route of the router is tried without a key, with a wrong one, from a foreign page and under a
// foreign name; each WebSocket too; and each route that takes a path is asked for what lies outside.
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LabServer, labServer } from "./lab-server.ts";

interface Address {
  readonly method: string;
  readonly path: string;
}

let server: LabServer;
let cookie: string;
let routes: readonly Address[];

beforeAll(async () => {
  server = await labServer();
  server.put("inside.ts", "export const inside = 1;\n");
  const { headers } = await server.api("GET", `/lab?token=${server.token}`, undefined, {});
  cookie = headers.get("set-cookie")!.split(";")[0]!;
  routes = server.running.rules
    .filter(({ rule }) => rule === "lab")
    .flatMap(({ method, path }) =>
      String(path)
        .split(",")
        .map((one) => ({ method: method.toUpperCase(), path: addressOf(one) })),
    );
});
afterAll(() => server?.[Symbol.asyncDispose]());

describe("every route of Lab", () => {
  test("is known to this suite, those that change something too", () => {
    expect(routes.length).toBeGreaterThan(50);
    expect(routes.filter(changes).length).toBeGreaterThan(20);
    const kinds = new Set(routes.map(({ path }) => path.split("/").slice(1, 3).join("/")));
    for (const kind of ["api/contents", "api/kernels", "api/sessions", "api/terminals", "lab/api", "nbconvert/x"])
      expect([...kinds]).toContain(kind);
  });

  const keys: readonly (readonly [string, () => Record<string, string>])[] = [
    ["without a key", () => ({})],
    ["with a wrong token", () => ({ authorization: "token wrong-wrong-wrong" })],
    ["with a wrong password", () => ({ authorization: `Basic ${btoa("me:wrong")}` })],
    ["with a session that nobody signed", () => ({ cookie: cookie.replace(/\.[^.]*$/, ".forged") })],
    ["with the session of another port", () => ({ cookie: cookie.replace(/-\d+=/, "-1=") })],
  ];
  test.each(keys)("is closed %s", async (_title, headers) => {
    for (const { method, path } of routes)
      expect((await server.api(method, path, undefined, headers())).status, `${method} ${path}`).toBe(401);
  });

  test("is closed to a wrong token in its address", async () => {
    for (const { method, path } of routes)
      expect((await server.api(method, `${path}?token=wrong`, undefined, {})).status, `${method} ${path}`).toBe(401);
  });

  test("is closed to a notebook's own key", async () => {
    const { key } = await server.running.issueKey("kernel:test");
    for (const { method, path } of routes) {
      const reply = await server.api(method, path, undefined, { authorization: `Bearer ${key}` });
      expect(reply.status, `${method} ${path}`).toBe(403);
    }
  });

  test("is closed under a foreign name, as another site's page would ask by pointing its name here", async () => {
    for (const host of ["evil.example", "evil.example:80", "localhost.evil.example"])
      for (const { method, path } of routes)
        expect((await raw({ method, path, headers: { cookie, host } })).status, `${method} ${path}`).toBe(403);
  });

  const foreign: readonly (readonly [string, Record<string, string>])[] = [
    ["another site's page", { origin: "http://evil.example" }],
    ["another port's page", { origin: "http://127.0.0.1:1" }],
    ["a sandboxed page", { origin: "null" }],
    ["a page that hides its origin", { "sec-fetch-site": "cross-site" }],
  ];
  test.each(foreign)(
    "that changes something is closed to %s, though the browser sends our session",
    async (_title, headers) => {
      for (const { method, path } of routes.filter(changes)) {
        const reply = await raw({
          method,
          path,
          headers: { cookie, "content-type": "text/plain", ...headers },
          body: "{}",
        });
        expect(reply.status, `${method} ${path}`).toBe(403);
      }
    },
  );
});

describe("every WebSocket of Lab", () => {
  const paths = ["/api/kernels/x/channels", "/terminals/websocket/1", "/api/events/subscribe"];
  const cases: readonly (readonly [string, number, () => Record<string, string>])[] = [
    ["is closed without a key", 401, () => ({})],
    ["is closed with a wrong token", 401, () => ({ authorization: "token wrong-wrong-wrong" })],
    ["is closed to another site's page", 403, () => ({ cookie, origin: "http://evil.example" })],
    ["is closed to another port's page", 403, () => ({ cookie, origin: "http://127.0.0.1:1" })],
    ["is closed to a sandboxed page", 403, () => ({ cookie, origin: "null" })],
    ["is closed under a foreign name", 403, () => ({ authorization: `token ${server.token}`, host: "evil.example" })],
  ];
  test.each(cases)("%s", async (_title, status, headers) => {
    for (const path of paths) expect(await upgrade(path, headers()), path).toBe(status);
  });

  test("does not say to a stranger which kernels and terminals there are", async () => {
    const { body } = await server.api<{ name: string }>("POST", "/api/terminals", {});
    for (const path of [`/terminals/websocket/${body.name}`, "/terminals/websocket/none"])
      expect(await upgrade(path, {}), path).toBe(401);
    await server.api("DELETE", `/api/terminals/${body.name}`);
  });
});

describe("a path that leads outside is not there", () => {
  const secret = "only for its owner";
  beforeAll(() => {
    writeFileSync(join(server.outside, "secret.ipynb"), notebookSaying(secret));
    mkdirSync(join(server.home, "lab"), { recursive: true });
    writeFileSync(join(server.home, "secret.ipynb"), notebookSaying(secret));
    symlinkSync(server.outside, join(server.project, "folder-link"));
    symlinkSync(join(server.outside, "secret.ipynb"), join(server.project, "file-link.ipynb"));
    symlinkSync("/etc/passwd", join(server.project, "passwd.ipynb"));
  });
  const outside = [
    "../secret.ipynb",
    "%2e%2e/secret.ipynb",
    "%2e%2e%2fsecret.ipynb",
    "..%5csecret.ipynb",
    "x/../../secret.ipynb",
    "folder-link/secret.ipynb",
    "file-link.ipynb",
    "passwd.ipynb",
    ".cellwright/secret.ipynb",
    "%2Ecellwright/secret.ipynb",
    "%2Fetc%2Fpasswd",
    "inside.ts%00.ipynb",
  ];

  test.each(outside)("%s", async (path) => {
    const withPath = server.running.rules
      .filter(
        ({ rule, path: at }) =>
          rule === "lab" && /\*path/.test(String(at)) && !/^\/lab(\/|,|$)(?!api)/.test(String(at)),
      )
      .flatMap(({ method, path: at }) => ({ method: method.toUpperCase(), path: String(at) }));
    expect(withPath.length).toBeGreaterThan(8);
    for (const { method, path: at } of withPath) {
      const address = at
        .replace(/\{?\/\*path\}?/, `/${path}`)
        .replace(":form", "html")
        .replace(/:\w+/g, "checkpoint");
      const body =
        method === "GET" ? undefined : JSON.stringify({ type: "file", format: "text", content: "x", path: "y.ts" });
      const headers = { authorization: `token ${server.token}`, "content-type": "application/json" };
      const reply = await raw({ method, path: address, headers, ...(body && { body }) });
      expect([400, 404], `${method} ${address}: ${reply.status}`).toContain(reply.status);
      expect(reply.text).not.toMatch(/only for its owner|root:/);
    }
  });
});

const changes = ({ method }: Address): boolean => method !== "GET";

/** `/api/contents/*path/checkpoints/:id` → `/api/contents/x/checkpoints/x` */
function addressOf(path: string): string {
  let required = path;
  while (required.includes("{")) required = required.replace(/\{[^{}]*\}/g, "");
  return required.replace(/[:*]\w+/g, "x");
}

function notebookSaying(text: string): string {
  const cell = { cell_type: "markdown", id: "a", metadata: {}, source: text };
  return JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 });
}

interface RawRequest extends Address {
  readonly headers: Record<string, string>;
  readonly body?: string;
}

/** fetch would put paths right and take the Host header away. */
function raw({ method, path, headers, body }: RawRequest): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const req = request({ hostname, port, method, path, headers: { ...headers, ...length } }, (res) => {
      let text = "";
      res.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      res.on("end", () => resolve({ status: res.statusCode!, text }));
    });
    req.once("error", reject);
    req.end(body);
  });
}

/** The status with which an upgrade is answered. */
function upgrade(path: string, headers: Record<string, string>): Promise<number> {
  const { hostname, port, host } = new URL(server.url);
  const all = {
    ...{ host, connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" },
    ...{ "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", ...headers },
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(`GET ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`),
    );
    socket.once("data", (data) => {
      socket.destroy();
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(data.toString())?.[1]));
    });
    socket.once("error", reject);
  });
}
