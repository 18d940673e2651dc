// `cellwright start` as a process: one server a home, ports, signals, and what a kill leaves behind.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { bin, cellwright, cleanEnvironment, temporaryFolder } from "../../support/cli.ts";
import { isRunning, until } from "../app/processes.ts";
import { startServerProcess } from "./server-process.ts";

describe("cellwright start", () => {
  test("prints the URL with the token and writes server.json for its owner alone", async () => {
    using home = temporaryFolder();
    const server = await startServerProcess(home.path);
    expect(server.text()).toContain(`Cellwright runs: ${server.url}/?token=${server.token}`);
    const path = join(home.path, "server.json");
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({
      url: server.url,
      token: server.token,
      pid: server.pid,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await (await fetch(`${server.url}/health`)).text()).toBe("OK");
    expect(await server.end("SIGINT")).toBe(0);
    expect(existsSync(path)).toBe(false);
    expect(existsSync(join(home.path, "server.lock"))).toBe(false);
  });

  test("a second time on the same home prints the running one's URL and ends with 0", async () => {
    using home = temporaryFolder();
    const server = await startServerProcess(home.path);
    const second = await cellwright(["start", "--no-demo", "--home", home.path]);
    expect([second.code, second.stdout.trim()]).toEqual([0, `${server.url}/?token=${server.token}`]);
    expect(second.stderr).toContain(`process ${server.pid}`);
    await server.end("SIGTERM");
  });

  test("stays when whoever reads what it prints goes away, and stops in order", async () => {
    using home = temporaryFolder();
    const args = ["start", "--no-demo", "--project", home.path, "--home", home.path, "--port", "0"];
    const child = spawn(process.execPath, [bin, ...args], {
      env: cleanEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = once(child, "exit");
    child.stdout.destroy();
    child.stderr.destroy();
    const file = join(home.path, "server.json");
    await until(() => existsSync(file) || child.exitCode !== null);
    const { url } = JSON.parse(readFileSync(file, "utf8")) as { url: string };
    expect(await (await fetch(`${url}/health`)).text()).toBe("OK");
    child.kill("SIGTERM"); // and says so
    expect(await ended).toEqual([0, null]);
    expect(existsSync(file)).toBe(false);
  });

  test("stops in order at a signal that comes while it tells what runs", async () => {
    using home = temporaryFolder();
    const args = ["start", "--no-demo", "--project", home.path, "--home", home.path, "--port", "0"];
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, [bin, ...args], {
        env: cleanEnvironment(),
        stdio: ["ignore", "pipe", "pipe"],
      });
      const ended = once(child, "exit");
      const errors = text(child.stderr);
      child.stdout.once("data", () => child.kill("SIGTERM")); // its first line; it asks for its models next
      expect(await ended).toEqual([0, null]);
      expect(await errors).not.toContain("Cannot");
    }
  });

  test("keeps the token across starts, uses a given one, and rotates it while it runs", async () => {
    using home = temporaryFolder();
    const first = await startServerProcess(home.path);
    await first.end("SIGTERM");
    const second = await startServerProcess(home.path);
    expect(second.token).toBe(first.token);
    const rotated = await cellwright(["token", "rotate", "--home", home.path]);
    const token = rotated.stdout.trim();
    expect(rotated.code, rotated.stderr).toBe(0);
    expect(token).not.toBe(first.token);
    const status = await fetch(`${second.url}/api/v2/status`, { headers: { authorization: `Bearer ${token}` } });
    expect(status.status).toBe(200);
    expect((await cellwright(["status", "--json", "--home", home.path])).code).toBe(0);
    await second.end("SIGTERM");
    const offline = (await cellwright(["token", "rotate", "--home", home.path])).stdout.trim();
    const third = await startServerProcess(home.path, { args: ["--token", "a-token-of-my-own"] });
    expect(third.token).toBe("a-token-of-my-own");
    await third.end("SIGTERM");
    const fourth = await startServerProcess(home.path);
    expect(fourth.token).toBe(offline);
    await fourth.end("SIGTERM");
  });

  test("takes over the home of a killed server, also when its number belongs to another process now", async () => {
    using home = temporaryFolder();
    const killed = await startServerProcess(home.path);
    expect(await killed.end("SIGKILL")).toBe("SIGKILL");
    expect(existsSync(join(home.path, "server.lock"))).toBe(true);
    const next = await startServerProcess(home.path);
    expect(next.pid).not.toBe(killed.pid);
    await next.end("SIGKILL");
    writeFileSync(join(home.path, "server.lock"), `${process.pid} 1`); // our number, but we began at another time
    const again = await startServerProcess(home.path);
    await again.end("SIGTERM");
  });

  test("refuses a given port that is taken, in one line", async () => {
    using home = temporaryFolder();
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as { port: number };
    const refused = await cellwright(["start", "--no-demo", "--home", home.path, "--port", String(port)]);
    other.close();
    expect(refused.code).toBe(1);
    expect(refused.stderr.trim().split("\n")).toEqual([expect.stringContaining(`port ${port}: found it taken`)]);
    expect(existsSync(join(home.path, "server.lock"))).toBe(false);
  });

  test.each([
    [["start", "--port", "many"], "CELLWRIGHT_PORT"],
    [["start", "--token", "no spaces"], "token"],
    [["start", "--nonsense"], "--nonsense"],
    [["nonsense"], "nonsense"],
    [["deploy", "--function", "f", "--name", "n"], "notebook"],
  ])("%j is wrong use: exit code 2", async (args, names) => {
    using home = temporaryFolder();
    const { code, stderr } = await cellwright(args, { env: { CELLWRIGHT_HOME: home.path } });
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(names);
  });

  test("shows its help, and that of every command", async () => {
    const { code, stdout } = await cellwright(["--help"]);
    expect(code).toBe(0);
    const names = [...stdout.matchAll(/^ {2}([a-z]+)[ |]/gm)]
      .map(([, name]) => name!)
      .filter((name) => name !== "help");
    expect(names).toEqual(expect.arrayContaining(["start", "run", "deploy", "call", "status", "kernel", "token"]));
    for (const name of names) {
      const help = await cellwright([name, "--help"]);
      expect([help.code, help.stdout], name).toEqual([0, expect.stringContaining(`cellwright ${name}`)]);
    }
    expect((await cellwright(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+/);
  });

  test("ends at a signal though somebody still watches a stream of events", async () => {
    using home = temporaryFolder();
    const server = await startServerProcess(home.path);
    const headers = { authorization: `Bearer ${server.token}` };
    const body = JSON.stringify({ name: "watched" });
    await fetch(`${server.url}/api/v2/models`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body,
    });
    const events = await fetch(`${server.url}/api/v2/models/watched/events`, { headers });
    expect(events.status).toBe(200);
    expect(await server.end("SIGINT")).toBe(0);
    await until(() => !isRunning(server.pid));
    await events.body?.cancel().catch(() => {});
  });
});
