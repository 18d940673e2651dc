// Our notebooks, top to bottom, in a fresh kernel and a fresh home, under both kernels.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ServerProcess, startServerProcess } from "../server/cli/server-process.ts";
import { cellwright, root, temporaryFolder } from "../support/cli.ts";

interface Cell {
  readonly cell_type: "code" | "markdown";
  readonly id: string;
  readonly metadata: { readonly tags?: readonly string[] };
  readonly source: readonly string[] | string;
  readonly outputs?: readonly { readonly output_type: string; readonly data?: Record<string, unknown> }[];
}

const folder = join(root, "notebooks");
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".ipynb"))
  .sort();
/** Full size: CELLWRIGHT_NOTEBOOK_ROWS=7043 CELLWRIGHT_NOTEBOOK_CALLS=1000. */
const rows = process.env["CELLWRIGHT_NOTEBOOK_ROWS"] ?? "1500";
const calls = process.env["CELLWRIGHT_NOTEBOOK_CALLS"] ?? "150";

describe("notebooks", () => {
  for (const kernel of ["cellwright", "tslab"]) {
    test(`run headless in reading order under ${kernel}, the model deployed and called`, {
      timeout: 400_000,
    }, async () => {
      using home = temporaryFolder();
      const server = await startServerProcess(home.path, { args: ["--project", root] });
      await runAll(kernel, home.path);
      expect(await deployedModels(server)).toEqual(["churn"]);
      expect(await server.end("SIGTERM")).toBe(0);
    });
  }

  test("run without a server too, and say what is missing", { timeout: 240_000 }, async () => {
    using home = temporaryFolder();
    await runAll("cellwright", home.path);
  });

  for (const name of names) {
    const cells = cellsOf(join(folder, name));

    test(`${name} is committed without outputs, with stable ids and short lines`, () => {
      const code = cells.filter(({ cell_type }) => cell_type === "code");
      expect(code.flatMap(({ outputs }) => outputs ?? [])).toEqual([]);
      expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
      expect(cells.every(({ id }) => /^[a-z][a-z0-9-]*$/.test(id))).toBe(true);
      expect(code.flatMap((cell) => textOf(cell).split("\n")).filter((line) => line.length > 100)).toEqual([]);
    });

    test(`${name} opens with its title, its parameters and one import cell`, () => {
      const [title, parameters, imports] = cells;
      expect(textOf(title!)).toMatch(/^# \S/);
      expect(parameters!.metadata.tags).toEqual(["parameters"]);
      expect(textOf(imports!)).toMatch(/^import /);
      const sources = [...textOf(imports!).matchAll(/from "([^"]+)"/g)].map(([, from]) => from);
      expect(sources).toEqual(["cellwright"]);
      expect(cells.slice(3).filter((cell) => cell.cell_type === "code" && /^import /m.test(textOf(cell)))).toEqual([]);
    });
  }
});

/** What keeps a notebook small enough for a test. */
function parametersOf(name: string): string[] {
  if (/^[01]_/.test(name)) return ["-p", `rows=${rows}`];
  if (/^7a_/.test(name)) return ["-p", `calls=${calls}`];
  return [];
}

async function runAll(kernel: string, home: string): Promise<void> {
  for (const name of names) {
    const out = join(home, "executed", name);
    const run = await cellwright(["run", `notebooks/${name}`, ...parametersOf(name), "--kernel", kernel, "-o", out], {
      env: { CELLWRIGHT_HOME: home },
    });
    expect(run.code, `${name}\n${run.stderr}`).toBe(0);
    const outputs = cellsOf(out).flatMap(({ outputs }) => outputs ?? []);
    expect(outputs.filter(({ output_type }) => output_type === "error")).toEqual([]);
    expect(
      outputs.some(({ data }) => data !== undefined),
      `${name} shows something`,
    ).toBe(true);
  }
}

async function deployedModels({ url, token }: ServerProcess): Promise<string[]> {
  const reply = await fetch(`${url}/api/v2/models`, { headers: { authorization: `Bearer ${token}` } });
  const { items } = (await reply.json()) as { items: { name: string; deployment?: { status: string } }[] };
  return items.filter(({ deployment }) => deployment?.status === "deployed").map(({ name }) => name);
}

function cellsOf(path: string): Cell[] {
  return (JSON.parse(readFileSync(path, "utf8")) as { cells: Cell[] }).cells;
}

function textOf({ source }: Cell): string {
  return [source].flat().join("");
}
