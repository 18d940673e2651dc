// Applications over HTTP, as real processes: started, watched, restarted, given up, stopped; and they end with their server.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Application } from "../../../lib/contract/application.ts";
import { bin, cleanEnvironment } from "../../support/cli.ts";
import { isRunning, processesNaming, until } from "../app/processes.ts";
import { type TestServer, testServer } from "../app/running-server.ts";
import { askOrigin } from "./app-requests.ts";

const small = `import { createServer } from "node:http";
export const port: number = Number(process.env["CELLWRIGHT_APP_PORT"]);
createServer((req, res) => {
  if (req.url === "/crash") process.exit(7);
  if (req.url === "/loop") for (;;);
  res.end(JSON.stringify({ pid: process.pid, from: import.meta.url, word: WORD, env: process.env }));
}).listen(port, "127.0.0.1", () => console.log("listening"));
`;

interface Small {
  readonly pid: number;
  readonly from: string;
  readonly word: string;
  readonly env: Readonly<Record<string, string>>;
}

describe("an application", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await testServer();
    writeProgram(server.home, "word.ts", `export const word: string = "hello";\n`);
    writeProgram(server.home, "small.ts", `import { word as WORD } from "./word.ts";\n${small}`);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  const create = (body: Record<string, unknown>) =>
    server.api<Application & { error: { code: string; message: string } }>("POST", "/api/v2/applications?wait=1", body);
  const get = async (name: string, wait = ""): Promise<Application> =>
    (await server.api<Application>("GET", `/api/v2/applications/${name}${wait}`)).body;
  const post = async (name: string, act: string): Promise<Application> =>
    (await server.api<Application>("POST", `/api/v2/applications/${name}/${act}?wait=1`)).body;
  const log = async (name: string): Promise<string> =>
    (await server.api<string>("GET", `/api/v2/applications/${name}/log`)).body;
  const ask = async (name: string, path = "/"): Promise<Small> =>
    JSON.parse((await askOrigin(server.running.url, `${name}.localhost`, path)).body) as Small;

  test("in TypeScript is bundled, started, ready when its port answers, and knows where its source lies", async () => {
    const { status, body } = await create({ name: "small", file: "small.ts", bypassAuthentication: true });
    expect(status).toBe(201);
    const { port } = new URL(server.running.url);
    expect(body).toMatchObject({ status: "running", problem: "", restarts: 0, url: `http://small.localhost:${port}` });
    const { from, word } = await ask("small");
    expect([from, word]).toEqual([`file://${join(server.home, "small.ts")}`, "hello"]);
    expect(await log("small")).toContain("listening");
  });

  test("gets its port, its own environment, and a key of its own that opens what it needs until it is stopped", async () => {
    await create({ name: "keys", file: "small.ts", environment: { COLOUR: "red" }, bypassAuthentication: true });
    const { env } = await ask("keys");
    expect(env).toMatchObject({ COLOUR: "red", NODE_ENV: "production", CELLWRIGHT_URL: server.running.url });
    expect(env).toMatchObject({ CELLWRIGHT_HOME: server.home, CELLWRIGHT_PROJECT: server.home });
    expect(env["CELLWRIGHT_OWNER_PID"]).toBeUndefined();
    expect(JSON.stringify(env)).not.toContain(server.running.token);
    const headers = { authorization: `Bearer ${env["CELLWRIGHT_TOKEN"]}` };
    expect((await server.api("GET", "/api/v2/models", undefined, headers)).status).toBe(200);
    expect((await server.api("POST", "/api/v2/models", { name: "x" }, headers)).status).toBe(403);
    expect((await server.api("GET", "/api/v2/applications", undefined, headers)).status).toBe(403);
    await post("keys", "stop");
    expect((await server.api("GET", "/api/v2/models", undefined, headers)).status).toBe(401);
  });

  test("is listed, refused under a taken name, and told apart from what is no program", async () => {
    const { body } = await server.api<{ items: Application[] }>("GET", "/api/v2/applications");
    expect(body.items.map(({ name }) => name)).toEqual(["keys", "small"]);
    expect((await create({ name: "small", file: "small.ts" })).status).toBe(409);
    for (const [file, words] of [
      ["missing.ts", "found no such file"],
      ["../outside.ts", "outside the project"],
      ["/etc/passwd", "outside the project"],
      ["notes.txt", ".ts, .mjs or .js"],
    ] as const) {
      const refused = await create({ name: "wrong", file });
      expect([refused.status, refused.body.error.message]).toEqual([400, expect.stringContaining(words)]);
    }
    expect((await create({ name: "Wrong_Name", file: "small.ts" })).status).toBe(400);
    expect((await create({ name: "events", file: "small.ts" })).status).toBe(400);
  });

  test("that crashes is restarted by itself, with the reason kept", async () => {
    const before = await ask("small");
    await askOrigin(server.running.url, "small.localhost", "/crash");
    await until(async () => (await get("small")).status === "restarting");
    expect((await get("small")).problem).toBe("ended with exit code 7");
    await until(async () => (await get("small")).status === "running");
    expect(await get("small")).toMatchObject({ restarts: 1, problem: "" });
    const after = await ask("small");
    expect(after.pid).not.toBe(before.pid);
    expect(isRunning(before.pid)).toBe(false);
    expect(await log("small")).toContain("ended with exit code 7");
  });

  test("that fails again and again is given up with the reason, and starts when its program is right", {
    timeout: 60_000,
  }, async () => {
    writeProgram(server.home, "flaky.mjs", `console.error("no luck"); process.exit(3);`);
    const { body } = await create({ name: "flaky", file: "flaky.mjs" });
    expect(body).toMatchObject({ status: "failed", problem: "ended with exit code 3", restarts: 4 });
    expect(await log("flaky")).toMatch(/no luck[\s\S]*given up: ended with exit code 3/);
    writeProgram(server.home, "flaky.mjs", small.replaceAll(": number", "").replace("WORD", '""'));
    expect(await post("flaky", "start")).toMatchObject({ status: "running", restarts: 0 });
  });

  test("that does not compile fails at once, naming the place", async () => {
    writeProgram(server.home, "broken.ts", "const ok = 1;\nconst = 2;\n");
    const { body } = await create({ name: "broken", file: "broken.ts" });
    expect(body.status).toBe("failed");
    expect(body.problem).toMatch(/broken\.ts: .*\(line 2\)/);
    expect(body.restarts).toBe(0);
  });

  test("that is changed restarts when what it runs with has changed, and only then", async () => {
    const before = await ask("small");
    const patch = (changes: object) => server.api<Application>("PATCH", "/api/v2/applications/small", changes);
    expect((await patch({ description: "now described" })).body).toMatchObject({ description: "now described" });
    expect((await ask("small")).pid).toBe(before.pid);
    await patch({ environment: { COLOUR: "blue" } });
    await get("small", "?wait=1");
    expect(await ask("small")).toMatchObject({ env: { COLOUR: "blue" } });
    expect((await patch({ colour: "blue" })).status).toBe(400);
  });

  test("that is stuck in a loop is killed when it is to stop", { timeout: 30_000 }, async () => {
    const { pid } = await ask("small");
    const stuck = askOrigin(server.running.url, "small.localhost", "/loop").catch(() => {});
    await until(() => cpuTicksOf(pid) > 50);
    expect(await post("small", "stop")).toMatchObject({ status: "stopped", problem: "" });
    expect(isRunning(pid)).toBe(false);
    await stuck;
    expect(await post("small", "start")).toMatchObject({ status: "running" });
  });

  test("tells what happens to it as events", async () => {
    const lines: string[] = [];
    const ended = new AbortController();
    const reply = await fetch(`${server.running.url}/api/v2/applications/events`, {
      headers: { authorization: `Bearer ${server.running.token}` },
      signal: ended.signal,
    });
    const reading = (async () => {
      for await (const chunk of reply.body!) lines.push(Buffer.from(chunk).toString());
    })().catch(() => {});
    await post("small", "restart");
    await until(() => /"status":"running"/.test(lines.join("")));
    expect(lines.join("")).toMatch(/event: application\ndata: \{[^\n]*"status":"stopping"[\s\S]*"status":"starting"/);
    await server.api("DELETE", "/api/v2/applications/broken");
    await until(() => lines.join("").includes('event: removed\ndata: {"name":"broken"}'));
    ended.abort();
    await reading;
  });

  test("comes back after the server's restart when it ran, and stays down when it was stopped or given up", async () => {
    const before = await ask("small");
    const started = performance.now();
    await server.restart();
    expect(performance.now() - started).toBeLessThan(9000); // no connection had to be cut
    expect(isRunning(before.pid)).toBe(false);
    expect(await get("small", "?wait=1")).toMatchObject({ status: "running" });
    expect(await get("keys")).toMatchObject({ status: "stopped" });
    await server.api("DELETE", "/api/v2/applications/keys");
    expect((await server.api("GET", "/api/v2/applications/keys")).status).toBe(404);
  });
});

test("an application ends with its server, also after kill -9 and with what it started itself", {
  timeout: 60_000,
}, async () => {
  const home = mkdtempSync(join(tmpdir(), "cellwright-orphans-"));
  const program = `import { spawn } from "node:child_process";
import { createServer } from "node:http";
spawn(process.execPath, ["-e", "setInterval(() => {}, 1000) // ${home}"], { stdio: "ignore" });
createServer((_req, res) => res.end("ok")).listen(Number(process.env.CELLWRIGHT_APP_PORT), "127.0.0.1");
`;
  writeFileSync(join(home, "orphan.mjs"), program);
  const args = [bin, "start", "--no-demo", "--home", home, "--project", home, "--port", "0"];
  const child = spawn(process.execPath, args, { env: cleanEnvironment(), stdio: "ignore" });
  const file = () => JSON.parse(readFileSync(join(home, "server.json"), "utf8")) as { url: string; token: string };
  await until(() => {
    try {
      return file().url !== "";
    } catch {
      return false;
    }
  });
  const { url, token } = file();
  const reply = await fetch(`${url}/api/v2/applications?wait=1`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "orphan", file: "orphan.mjs" }),
  });
  expect(((await reply.json()) as Application).status).toBe("running");
  expect(processesNaming(home).length).toBe(3); // the server, the application, what it started
  child.kill("SIGKILL");
  await until(() => processesNaming(home).length === 0);
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

function writeProgram(home: string, name: string, text: string): void {
  writeFileSync(join(home, name), text);
}

/** Hundredths of a second that a process has computed. */
function cpuTicksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
  return Number(fields[11]) + Number(fields[12]);
}
