// A project that `cellwright new` made, as a stranger meets it: npm install from the registry, npm test, npm start with Lab, none
// of our own tools around. Minutes, so with CELLWRIGHT_EFFORT=ci or soak alone.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cellwright, cleanEnvironment, finished, temporaryFolder } from "../support/cli.ts";
import { effort } from "../support/effort.ts";

test.skipIf(effort === "everyday")("a new project installs, passes its tests and serves Lab", async () => {
  using folder = temporaryFolder();
  const made = await cellwright(["new", "mine"], { cwd: folder.path });
  expect(made.code, made.stderr).toBe(0);
  const project = join(folder.path, "mine");
  const npm = async (...args: string[]): Promise<number> => {
    const started = performance.now();
    const { code, stdout, stderr } = await finished("npm", args, { cwd: project });
    expect(code, stdout + stderr).toBe(0);
    return Math.round((performance.now() - started) / 1000);
  };
  const installed = await npm("install", "--no-audit", "--no-fund");
  const tested = await npm("test");
  const junit = await npm("run", "notebooks", "--", "--junit", "results/notebooks.xml", "--html", "results");
  expect(readdirSync(join(project, "results"))).toContain("notebooks.xml");
  const build = ["exec", "--", "cellwright", "build", "notebooks/3_serve.ipynb", "--function", "risk"];
  await npm(...build);
  for (const name of ["@jupyterlab/application", "@rspack/core", "vite", "vitest", "playwright-core"])
    expect([name, existsSync(join(project, "node_modules", name))]).toEqual([name, false]);
  await serves(project);
  const megabytes = Math.round(sizeOf(join(project, "node_modules")) / 1e6);
  console.log(`new project: npm install ${installed} s, ${megabytes} MB; npm test ${tested} s; notebooks ${junit} s`);
});

/** `npm start` answers for the dashboard and for Lab, with every script of its page. */
async function serves(project: string): Promise<void> {
  const child = spawn("npm", ["start", "--", "--port", "0"], {
    cwd: project,
    env: cleanEnvironment(),
    stdio: ["ignore", "pipe", "inherit"],
    detached: true, // npm and what it starts end together
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    const { origin, token } = await new Promise<{ origin: string; token: string }>((resolve, reject) => {
      let said = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        const [, url] = /Cellwright runs: (\S+)/.exec(said) ?? [];
        if (url !== undefined) resolve({ origin: new URL(url).origin, token: new URL(url).searchParams.get("token")! });
      });
      child.once("exit", (code) => reject(new Error(`npm start ended with ${code}: ${said}`)));
    });
    const get = (path: string) => fetch(new URL(path, origin), { headers: { authorization: `token ${token}` } });
    const lab = await get("/lab");
    const page = await lab.text();
    expect([lab.status, page]).toEqual([200, expect.stringContaining("Cellwright Lab")]);
    const scripts = [...page.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, path]) => path!);
    expect(scripts.length).toBeGreaterThan(0);
    for (const path of ["/", "/lab/api/settings", "/api/contents/notebooks", ...scripts])
      expect([path, (await get(path)).status]).toEqual([path, 200]);
  } finally {
    process.kill(-child.pid!, "SIGTERM");
    await ended;
  }
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
