// Our notebooks, top to bottom, in a fresh kernel and a fresh home, under both kernels.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cellwright, root, temporaryFolder } from "../support/cli.ts";

interface Cell {
  readonly cell_type: "code" | "markdown";
  readonly id: string;
  readonly metadata: { readonly tags?: readonly string[] };
  readonly source: readonly string[] | string;
  readonly outputs?: readonly { readonly output_type: string; readonly data?: Record<string, unknown> }[];
}

const folder = join(root, "notebooks");
const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
const rows = process.env["CELLWRIGHT_NOTEBOOK_ROWS"] ?? "1500";

describe("notebooks", () => {
  for (const kernel of ["cellwright", "tslab"]) {
    test(`run headless in reading order under ${kernel}`, { timeout: 240_000 }, async () => {
      using home = temporaryFolder();
      for (const name of names.sort()) {
        const out = join(home.path, name);
        const parameters = /^[01]_/.test(name) ? ["-p", `rows=${rows}`] : [];
        const run = await cellwright(["run", `notebooks/${name}`, ...parameters, "--kernel", kernel, "-o", out], {
          env: { CELLWRIGHT_HOME: home.path },
        });
        expect(run.code, `${name}\n${run.stderr}`).toBe(0);
        const outputs = cellsOf(out).flatMap(({ outputs }) => outputs ?? []);
        expect(outputs.filter(({ output_type }) => output_type === "error")).toEqual([]);
        expect(
          outputs.some(({ data }) => data !== undefined),
          `${name} shows something`,
        ).toBe(true);
      }
    });
  }

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

function cellsOf(path: string): Cell[] {
  return (JSON.parse(readFileSync(path, "utf8")) as { cells: Cell[] }).cells;
}

function textOf({ source }: Cell): string {
  return [source].flat().join("");
}
