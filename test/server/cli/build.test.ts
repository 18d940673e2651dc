// `cellwright build` and `cellwright graph` as processes, without a server.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import type { BuildManifest } from "../../../lib/contract/build-manifest.ts";
import { cellwright, finished, temporaryFolder } from "../../support/cli.ts";
import { notebook } from "../builds/notebooks.ts";

const cells = [
  "import { asset, modelMetrics } from 'cellwright';\nimport { readFileSync } from 'node:fs';\nimport { double } from '../lib/double';",
  "const factor = Number(readFileSync(asset('data/factor.txt'), 'utf8')) * readFileSync(`${asset('scales')}/one.txt`).length;",
  "console.log('not needed'); throw new Error('not needed');",
  "export const explain = modelMetrics(({ n }: { n: number }) => double(n) * factor, { example: { n: 1 } });",
] as const;

/** A project with a notebook, a module, a file, and a folder in the home. */
function openProject(...texts: readonly string[]): { path: string; [Symbol.dispose](): void } {
  const project = temporaryFolder();
  const files: Record<string, string> = {
    "notebooks/serve.ipynb": notebook(...(texts.length > 0 ? texts : cells)),
    "lib/double.ts": "export const double = (n: number): number => 2 * n;",
    "data/factor.txt": "10",
    ".cellwright/artifacts/models/scales/one.txt": "x",
    "package.json": "{}",
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(project.path, path, ".."), { recursive: true });
    writeFileSync(join(project.path, path), text);
  }
  return project;
}

const build = (project: { path: string }, ...more: string[]) =>
  cellwright(["build", "notebooks/serve.ipynb", "--function", "explain", ...more], { cwd: project.path });

describe("cellwright build", () => {
  test("takes what it needs from the disk and says where the build is", async () => {
    using project = openProject();
    const { code, stdout, stderr } = await build(project);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("adding ../lib/double\nadding data/factor.txt\nadding scales\n");
    expect(stdout).toMatch(/^explain: 3 of 4 cells, \d+\.\d kB, build [0-9a-f]{12}\n/);
    const folder = stdout.trimEnd().split("\n").at(-1)!;
    expect(readdirSync(folder).sort()).toEqual(["assets", "build.json", "model.mjs", "model.mjs.map"]);
  });
  test("what it took may change or go: the build answers as before", async () => {
    using project = openProject();
    const { stdout } = await build(project, "--json");
    const { folder } = JSON.parse(stdout) as { folder: string };
    rmSync(join(project.path, ".cellwright/artifacts"), { recursive: true });
    writeFileSync(join(project.path, "data/factor.txt"), "99");
    rmSync(join(project.path, "lib"), { recursive: true });
    expect(await answerOf(folder, { n: 3 })).toBe(60);
  });
  test("--out is a copy, again and again, and nothing else is overwritten", async () => {
    using project = openProject();
    for (let i = 0; i < 2; i++) expect(await build(project, "--out", "out/model")).toMatchObject({ code: 0 });
    expect(readdirSync(join(project.path, "out/model")).sort()).toEqual([
      "assets",
      "build.json",
      "model.mjs",
      "model.mjs.map",
    ]);
    expect(await answerOf(join(project.path, "out/model"), { n: 1 })).toBe(20);
    const { code, stderr } = await build(project, "--out", "data");
    expect([code, stderr]).toEqual([2, expect.stringContaining("found something else there")]);
    expect(readFileSync(join(project.path, "data/factor.txt"), "utf8")).toBe("10");
  });
  test("--explain shows which cells went in and why", async () => {
    using project = openProject();
    const { stdout } = await build(project, "--explain");
    expect(stdout.split("\n\n")[0]).toBe(
      [
        "      cell  id  why",
        "kept     1  c1  imports `modelMetrics`, used by `explain` (its imports alone)",
        "kept     2  c2  declares `factor`, used by `explain`",
        "–        3  c3  nothing `explain` needs",
        "kept     4  c4  declares the export `explain`",
      ].join("\n"),
    );
  });
  test("--json is the manifest", async () => {
    using project = openProject();
    const manifest = JSON.parse((await build(project, "--json")).stdout) as BuildManifest;
    expect(manifest).toMatchObject({
      version: 1,
      function: "explain",
      notebookPath: "notebooks/serve.ipynb",
      description: { example: { n: 1 } },
      imports: { cellwright: ["asset", "modelMetrics"], "node:fs": ["readFileSync"], "../lib/double": ["double"] },
    });
  });
  test("a notebook that gives no build is one line and exit code 1", async () => {
    using project = openProject("export const explain = () => nowhere;");
    const { code, stdout, stderr } = await build(project);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^✖ Cannot build explain: found `nowhere` declared nowhere, .*\n$/);
  });
  test("what is needed and not there is said with its place", async () => {
    using project = openProject();
    rmSync(join(project.path, "data"), { recursive: true });
    const { code, stderr } = await build(project);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `found no file "data/factor.txt", expected it at ${join(project.path, "data/factor.txt")}; needed by explain`,
    );
  });
  test("wrong use is exit code 2", async () => {
    using project = openProject();
    expect(await cellwright(["build", "nowhere.ipynb", "--function", "f"], { cwd: project.path })).toMatchObject({
      code: 2,
    });
    expect(await cellwright(["build", "notebooks/serve.ipynb"], { cwd: project.path })).toMatchObject({ code: 2 });
  });
});

describe("cellwright graph", () => {
  test("a line a cell", async () => {
    using project = openProject(
      "const rows = [1];",
      "rows.push(2);",
      "export const total = () => rows;",
      "const = 1;",
      ";",
    );
    const { code, stdout } = await cellwright(["graph", "notebooks/serve.ipynb"], { cwd: project.path });
    expect(code).toBe(0);
    expect(stdout.trimEnd().split("\n")).toEqual([
      "cell 1 (c1)  declares rows",
      "cell 2 (c2)  uses rows · changes rows",
      "cell 3 (c3)  declares total · uses rows · exports total",
      "cell 4 (c4)  does not parse, line 1: Unexpected token",
      "cell 5 (c5)  –",
    ]);
  });
  test("--json, and a missing or foreign notebook", async () => {
    using project = openProject("export const a = 1;");
    const { stdout } = await cellwright(["graph", "notebooks/serve.ipynb", "--json"], { cwd: project.path });
    expect(JSON.parse(stdout)).toEqual([
      { id: "c1", position: 1, declares: ["a"], uses: [], changes: [], exports: ["a"], tags: [] },
    ]);
    expect(await cellwright(["graph", "nowhere.ipynb"], { cwd: project.path })).toMatchObject({ code: 2 });
    expect(await cellwright(["graph", "package.json"], { cwd: project.path })).toMatchObject({ code: 2 });
  });
});

/** The build's answer in a process that finds its assets as a replica does. */
async function answerOf(folder: string, request: unknown): Promise<unknown> {
  const script = `import { readFileSync } from "node:fs";
    const { assets } = JSON.parse(readFileSync(${JSON.stringify(join(folder, "build.json"))}, "utf8"));
    globalThis[Symbol.for("cellwright.assets")] = { resolve: (path) => ${JSON.stringify(`${folder}/`)} + assets[path] };
    const { explain } = await import(${JSON.stringify(pathToFileURL(join(folder, "model.mjs")).href)});
    console.log(JSON.stringify(await explain(${JSON.stringify(request)})));`;
  const { stdout, stderr } = await finished(process.execPath, ["--input-type=module", "-e", script]);
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}
