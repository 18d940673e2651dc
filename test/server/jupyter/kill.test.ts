// kill -9 of the server while files are saved, again and again: what was acknowledged is there, whole; what was not is there whole or
// not at all. CELLWRIGHT_SAVE_KILLS says how often (20; npm run soak: 200).
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { seededRandom } from "../../../lib/core/random.ts";
import { bin, cleanEnvironment, root, temporaryFolder } from "../../support/cli.ts";

const kills = Number(process.env["CELLWRIGHT_SAVE_KILLS"] ?? 20);
const names = ["first.ipynb", "second.ipynb", "third.ts"];
const token = "a-token-for-this-test";
/** Large enough that a save takes several writes. */
const lines = 2000;

test(`a server killed ${kills} times while it saves loses nothing it acknowledged and breaks no file`, {
  timeout: 60_000 + kills * 10_000,
}, async () => {
  using folder = temporaryFolder();
  const project = join(folder.path, "project");
  mkdirSync(project);
  const port = await freePort();
  const random = seededRandom(5);
  const acknowledged = new Map<string, number>();
  let version = 0;
  let saves = 0;
  for (let kill = 1; kill <= kills; kill++) {
    const server = await startServer({ project, home: join(folder.path, "home"), port });
    const ended = new Promise((resolve) => server.once("exit", resolve));
    const sent = new Map(acknowledged);
    let inRound = 0;
    const writers = names.map(async (name) => {
      while (server.exitCode === null && server.signalCode === null) {
        const mine = ++version;
        sent.set(name, mine);
        if (!(await save(port, name, mine))) return;
        acknowledged.set(name, mine);
        inRound++;
      }
    });
    await expect.poll(() => inRound, { timeout: 20_000, interval: 5 }).toBeGreaterThan(0);
    await wait(Math.floor(random() * 100));
    server.kill("SIGKILL");
    await Promise.all([ended, ...writers]);
    saves += inRound;
    for (const name of names) {
      const found = versionIn(project, name);
      const least = acknowledged.get(name);
      if (least !== undefined) expect(found, `${name} after kill ${kill}`).toBeGreaterThanOrEqual(least);
      if (found !== undefined) expect(found).toBeLessThanOrEqual(sent.get(name)!);
    }
  }
  expect(saves).toBeGreaterThan(kills);
  const server = await startServer({ project, home: join(folder.path, "home"), port });
  expect(await save(port, names[0]!, ++version)).toBe(true);
  server.kill("SIGKILL");
  expect(readdirSync(project).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  const visible = readdirSync(project).filter((name) => !name.startsWith("."));
  expect(visible.sort()).toEqual([...names].sort());
});

/** Whether it was acknowledged. */
async function save(port: number, name: string, version: number): Promise<boolean> {
  const text = Array.from({ length: lines }, (_, i) => `// version ${version}, line ${i}`).join("\n");
  const cell = { cell_type: "code", id: "a", metadata: {}, execution_count: null, outputs: [], source: text };
  const content = { cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  const body = name.endsWith(".ipynb")
    ? { type: "notebook", content }
    : { type: "file", format: "text", content: text };
  try {
    const reply = await fetch(`http://127.0.0.1:${port}/api/contents/${name}`, {
      method: "PUT",
      headers: { authorization: `token ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    await reply.arrayBuffer();
    expect(reply.status).toBeLessThan(300);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false; // the server is gone
    throw error;
  }
}

/** The one version that the whole file is of; undefined: no file. */
function versionIn(project: string, name: string): number | undefined {
  const path = join(project, name);
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8");
  const source = name.endsWith(".ipynb") ? (JSON.parse(text) as Saved).cells[0]!.source.join("") : text;
  const [, version] = /version (\d+)/.exec(source) ?? [];
  expect(source.split(`version ${version}, `).length - 1, `${name} is of one version`).toBe(lines);
  return Number(version);
}

interface Saved {
  readonly cells: readonly { readonly source: readonly string[] }[];
}

async function startServer({ project, home, port }: { project: string; home: string; port: number }) {
  const places = ["--home", home, "--project", project, "--port", String(port), "--token", token];
  const server = spawn(process.execPath, [bin, "start", "--no-demo", ...places], {
    cwd: root,
    env: { ...cleanEnvironment(), CELLWRIGHT_LOG_LEVEL: "warn" },
    stdio: "ignore",
  });
  while (!(await answers(port))) {
    if (server.exitCode !== null) throw new Error(`the server ended by itself with ${server.exitCode}`);
    await wait(20);
  }
  return server satisfies ChildProcess;
}

async function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}

function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
