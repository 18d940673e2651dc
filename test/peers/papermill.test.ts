// PyPI's papermill runs notebooks with our kernelspec: all but its parameters, for which it has no translator of TypeScript.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { notebookText } from "../support/notebooks.ts";
import { type InstalledKernel, installKernel } from "./installed-kernel.ts";
import { pythonMissing, runPython } from "./python.ts";

const execute = `
import json, os, sys
given = json.load(sys.stdin)
os.environ.update(given["env"])
import papermill
try:
    book = papermill.execute_notebook(given["path"], given["out"], kernel_name="cellwright", cwd=given["folder"], progress_bar=False)
    problem = None
except papermill.PapermillExecutionError as error:
    problem = error.ename + ": " + error.evalue
    book = papermill.iorw.load_notebook_node(given["out"])
json.dump({"problem": problem, "counts": [c.get("execution_count") for c in book.cells if c.cell_type == "code"],
  "texts": ["".join(o.get("text", "") for o in c.get("outputs", [])) for c in book.cells if c.cell_type == "code"]}, sys.stdout)
`;

interface Executed {
  readonly problem: string | null;
  readonly counts: readonly (number | null)[];
  readonly texts: readonly string[];
}

describe.skipIf(pythonMissing("papermill"))("papermill with our kernelspec", () => {
  let kernel: InstalledKernel;
  beforeAll(async () => {
    kernel = await installKernel();
  });
  afterAll(() => kernel[Symbol.dispose]());

  function run(cells: { id: string; source: string }[]): Executed {
    const path = join(kernel.path, "in.ipynb");
    writeFileSync(path, notebookText(cells));
    return runPython<Executed>(execute, {
      path,
      out: join(kernel.path, "out.ipynb"),
      folder: kernel.path,
      env: kernel.env,
    });
  }

  test("keeps what each cell prints, in order", () => {
    const cells = Array.from({ length: 20 }, (_, i) => ({ id: `c${i}`, source: `console.log("cell ${i}");` }));
    const { problem, counts, texts } = run(cells);
    expect(problem).toBeNull();
    expect(counts).toEqual(cells.map((_, i) => i + 1));
    expect(texts).toEqual(cells.map((_, i) => `cell ${i}\n`));
  });

  test("stops at the first cell that is wrong by its types, with what is wrong", () => {
    const { problem } = run([
      { id: "a", source: 'const n: number = "one";' },
      { id: "b", source: "console.log(1)" },
    ]);
    expect(problem).toBe("TypeCheckError: cell [1]:1:7 TS2322: Type 'string' is not assignable to type 'number'.");
  });
});
