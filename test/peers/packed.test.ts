// The packed package, installed into an empty folder as a stranger would, runs a notebook there. Needs the npm registry.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { finished, root, temporaryFolder } from "../support/cli.ts";

const cell = (source: string, id: string) => ({
  cell_type: "code",
  execution_count: null,
  id,
  metadata: {},
  outputs: [],
  source: [source],
});
const notebook = {
  cells: [
    cell('import { telcoCustomers, rowsOf } from "cellwright";', "first"),
    cell("rowsOf(telcoCustomers({ rows: 50, seed: 1 }))", "second"),
  ],
  metadata: { kernelspec: { name: "cellwright", display_name: "TypeScript (Cellwright)", language: "typescript" } },
  nbformat: 4,
  nbformat_minor: 5,
};

test("the packed package runs a notebook in an empty folder", async () => {
  using folder = temporaryFolder();
  const packed = await finished("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder.path]);
  expect(packed.code, packed.stderr).toBe(0);
  const [{ filename, files }] = JSON.parse(packed.stdout) as [{ filename: string; files: { path: string }[] }];
  expect(files.some(({ path }) => /^(test|node_modules|notebooks)\//.test(path))).toBe(false);
  const project = join(folder.path, "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "mine", private: true, type: "module" }));
  const installed = await finished(
    "npm",
    ["install", "--no-audit", "--no-fund", "--ignore-scripts", join(folder.path, filename)],
    {
      cwd: project,
    },
  );
  expect(installed.code, installed.stderr).toBe(0);
  writeFileSync(join(project, "first.ipynb"), JSON.stringify(notebook));
  const run = await finished("npx", ["--no-install", "cellwright", "run", "first.ipynb", "-o", "done.ipynb"], {
    cwd: project,
  });
  expect(run.code, run.stderr).toBe(0);
  const { cells } = JSON.parse(readFileSync(join(project, "done.ipynb"), "utf8")) as {
    cells: { outputs: { data: Record<string, unknown> }[] }[];
  };
  expect([cells[1]!.outputs[0]!.data["text/plain"]].flat().join("")).toBe("50");
  expect(existsSync(join(root, filename))).toBe(false);
});
