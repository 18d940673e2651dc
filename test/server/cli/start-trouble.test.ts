// What a start and a running server do when the machine is against them: each time a clear line, and nothing lost.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Libsql from "libsql";
import { describe, expect, test } from "vitest";
import { cellwright, temporaryFolder } from "../../support/cli.ts";
import { notebookText } from "../../support/notebooks.ts";
import { startServerProcess } from "./server-process.ts";

const double = [
  {
    id: "double",
    source: `import { modelMetrics } from "cellwright";
export const double = modelMetrics((input: { x: number }) => ({ doubled: 2 * input.x }));`,
  },
];

describe("a home of a newer version", () => {
  test("is refused by name in one line, and left as it was", async () => {
    using home = temporaryFolder();
    const server = await startServerProcess(home.path);
    await server.end("SIGTERM");
    const file = join(home.path, "cellwright.db");
    const database = new Libsql(file);
    database.exec("insert into migration (name, applied_at) values ('9999-from-tomorrow', 0)");
    database.close();
    const refused = await cellwright(["start", "--no-demo", "--home", home.path, "--port", "0"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr.trim().split("\n")).toEqual([
      expect.stringMatching(/found migration 9999-from-tomorrow of a newer Cellwright.*start the newer version/),
    ]);
    expect(existsSync(join(home.path, "server.lock"))).toBe(false);
    expect(existsSync(join(home.path, "server.json"))).toBe(false);
  });
});

describe.skipIf(!maySmallDisks())("a full disk (wants the right to mount one)", () => {
  test("calls are refused with the reason and none is lost; with space again they are answered", async () => {
    using home = temporaryFolder();
    using _disk = smallDisk(home.path, 48);
    const server = await startServerProcess(home.path);
    writeFileSync(join(home.path, "double.ipynb"), notebookText(double));
    const reach = { env: { CELLWRIGHT_URL: server.url, CELLWRIGHT_TOKEN: server.token, CELLWRIGHT_HOME: home.path } };
    const notebook = join(home.path, "double.ipynb");
    const deployed = await cellwright(
      ["deploy", notebook, "--function", "double", "--name", "double", "--json"],
      reach,
    );
    expect(deployed.code, deployed.stderr).toBe(0);
    const { accessKey } = JSON.parse(deployed.stdout) as { accessKey: string };
    const call = (x: number) =>
      fetch(`${server.url}/model`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ accessKey, request: { x } }),
      });
    const uuids = new Set<string>();
    const answered = async (reply: Response) => {
      const { response } = (await reply.json()) as { response: { prediction: object; uuid: string } };
      uuids.add(response.uuid);
      return response.prediction;
    };
    expect(await answered(await call(1))).toEqual({ doubled: 2 });
    fill(join(home.path, "filler"));
    const refused = await untilRefused(call, answered);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({
      error: { code: "not_ready", message: expect.stringContaining("the disk is full") },
    });
    expect(await (await fetch(`${server.url}/health`)).text()).toBe("OK");
    rmSync(join(home.path, "filler"));
    expect(await answered(await call(3))).toEqual({ doubled: 6 });
    const kept = await fetch(`${server.url}/api/v2/metrics/read`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
      body: JSON.stringify({ pageSize: 10_000 }),
    });
    const { metrics } = (await kept.json()) as { metrics: { predictionUuid: string }[] };
    const stored = new Set(metrics.map(({ predictionUuid }) => predictionUuid));
    expect([...uuids].filter((uuid) => !stored.has(uuid))).toEqual([]);
    expect(await server.end("SIGTERM")).toBe(0);
  }, 120_000);

  test("an executed notebook that finds no room says so, and the one before stays whole", async () => {
    using home = temporaryFolder();
    using _disk = smallDisk(home.path, 4);
    const notebook = join(home.path, "prints.ipynb");
    writeFileSync(notebook, notebookText([{ id: "prints", source: 'console.log("x".repeat(100_000));' }]));
    const out = join(home.path, "out.ipynb");
    const run = () => cellwright(["run", notebook, "-o", out, "--home", join(home.path, "home")]);
    expect((await run()).code).toBe(0);
    const before = readFileSync(out);
    fill(join(home.path, "filler"));
    const failed = await run();
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/ENOSPC|no space/);
    expect(readFileSync(out)).toEqual(before);
  }, 60_000);
});

/** A database keeps some pages in hand: calls go on until they are used up. */
async function untilRefused(
  call: (x: number) => Promise<Response>,
  answered: (reply: Response) => Promise<object>,
): Promise<Response> {
  for (let i = 0; i < 5000; i++) {
    const reply = await call(i);
    if (!reply.ok) return reply;
    await answered(reply);
  }
  throw new Error("a full disk refused no call");
}

function maySmallDisks(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  using folder = temporaryFolder();
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.path]).status !== 0) return false;
  return spawnSync("umount", [folder.path]).status === 0;
}

function smallDisk(path: string, megabytes: number): { [Symbol.dispose](): void } {
  spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", path]);
  return { [Symbol.dispose]: () => void spawnSync("umount", ["-l", path]) };
}

function fill(path: string): void {
  spawnSync("dd", ["if=/dev/zero", `of=${path}`, "bs=4k"]);
}
