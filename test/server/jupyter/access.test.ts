// Who gets in: no route of Lab without the owner's token or session, no WebSocket from another page or under another name.
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LabServer, labServer } from "./lab-server.ts";

let server: LabServer;
let kernel: string;
beforeAll(async () => {
  server = await labServer();
  kernel = (await server.api<{ id: string }>("POST", "/api/kernels", {})).body.id;
});
afterAll(() => server?.[Symbol.asyncDispose]());

describe("Lab's page", () => {
  test("tells whoever has no session how to get one", async () => {
    const reply = await server.api<string>("GET", "/lab/tree/a.ipynb", undefined, { accept: "text/html" });
    expect(reply.status).toBe(401);
    expect(reply.body).toContain("cellwright start");
    expect(reply.body).not.toContain("jupyter-config-data");
  });

  test("takes the token once, for a session that opens it", async () => {
    const entered = await server.api("GET", `/lab/tree/a.ipynb?token=${server.token}`, undefined, {});
    expect([entered.status, entered.headers.get("location")]).toEqual([302, "/lab/tree/a.ipynb"]);
    const cookie = entered.headers.get("set-cookie")!.split(";")[0]!;
    const page = await server.api<string>("GET", "/lab/tree/a.ipynb", undefined, { cookie });
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain("script-src 'self' 'unsafe-eval'");
    expect(page.body).not.toContain(server.token);
  });
});

describe("a WebSocket", () => {
  const cases: readonly (readonly [string, number, () => Record<string, string>])[] = [
    ["opens with the token", 101, () => ({ authorization: `token ${server.token}` })],
    ["opens from our own page with a session", 101, () => ({ cookie: sessionCookie, origin: server.url })],
    ["does not open without a key", 401, () => ({})],
    ["does not open with a wrong token", 401, () => ({ authorization: "token wrong-token" })],
    ["does not open from another site's page", 403, () => ({ cookie: sessionCookie, origin: "http://evil.example" })],
    ["does not open from another port's page", 403, () => ({ cookie: sessionCookie, origin: "http://127.0.0.1:1" })],
    ["does not open from a sandboxed page", 403, () => ({ cookie: sessionCookie, origin: "null" })],
    [
      "does not open under a foreign name",
      403,
      () => ({ authorization: `token ${server.token}`, host: "evil.example" }),
    ],
  ];
  let sessionCookie = "";
  beforeAll(async () => {
    const { headers } = await server.api("GET", `/lab?token=${server.token}`, undefined, {});
    sessionCookie = headers.get("set-cookie")!.split(";")[0]!;
  });

  test.each(cases)("%s", async (_title, status, headers) => {
    expect(await upgrade(`/api/kernels/${kernel}/channels?session_id=a`, headers())).toBe(status);
    expect(await upgrade("/api/events/subscribe", headers())).toBe(status);
  });

  test("of a kernel that is not there is refused", async () => {
    expect(await upgrade("/api/kernels/none/channels", { authorization: `token ${server.token}` })).toBe(404);
    expect(await upgrade("/elsewhere", { authorization: `token ${server.token}` })).toBe(404);
  });

  test("does not open with a notebook's own key", async () => {
    const { key } = await server.running.issueKey("kernel:test");
    expect(await upgrade("/api/events/subscribe", { authorization: `Bearer ${key}` })).toBe(403);
    expect(await upgrade(`/api/events/subscribe?token=${key}`, {})).toBe(403);
  });
});

test("a form of another site changes nothing", async () => {
  const { headers } = await server.api("GET", `/lab?token=${server.token}`, undefined, {});
  const cookie = headers.get("set-cookie")!.split(";")[0]!;
  for (const [method, path] of [
    ["POST", "/api/contents"],
    ["PUT", "/api/contents/a.ts"],
    ["POST", "/api/kernels"],
    ["DELETE", `/api/kernels/${kernel}`],
    ["PUT", "/lab/api/settings/@jupyterlab/apputils-extension:themes"],
  ] as const) {
    const reply = await server.api(method, path, {}, { cookie, origin: "http://evil.example" });
    expect(reply.status, `${method} ${path}`).toBe(403);
  }
});

/** The status with which an upgrade is answered. */
function upgrade(path: string, headers: Record<string, string>): Promise<number> {
  const { hostname, port, host } = new URL(server.url);
  const all = {
    host,
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
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
