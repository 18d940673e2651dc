// PyPI's nbclient, which runs notebooks for nbconvert and papermill, over a notebook of 200 cells that each print a line and have a
// value: milliseconds a cell, the kernel's start and its first cell not counted.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dist, root } from "./measure.mjs";

const python = process.env.CELLWRIGHT_PYTHON;
const cells = 200;
/** Kernel of the table → kernelspec, and one cell of its language. */
const specs = {
  run: { name: "cellwright-run", cell: 'console.log("cell %d");\n%d * 2' },
  check: { name: "cellwright", cell: 'console.log("cell %d");\n%d * 2' },
  ipykernel: { name: "python3", cell: 'print("cell %d")\n%d * 2' },
};
const program = `
import json, sys, time
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
given = json.load(sys.stdin)
book = new_notebook(cells=[new_code_cell(given["cell"] % (i, i)) for i in range(given["cells"] + 1)])
client = NotebookClient(book, timeout=240, kernel_name=given["name"], resources={"metadata": {"path": given["folder"]}})
with client.setup_kernel():
    client.execute_cell(book.cells[0], 0)
    start = time.perf_counter()
    for i, cell in enumerate(book.cells[1:], 1):
        client.execute_cell(cell, i)
    took = time.perf_counter() - start
whole = sum({output.output_type for output in cell.outputs} == {"stream", "execute_result"} for cell in book.cells[1:])
if whole < given["cells"]:
    sys.exit(f"{given['name']}: {whole} of {given['cells']} cells have their outputs")
print(took * 1000 / given["cells"])
`;

export const hasNbclient =
  python !== undefined && spawnSync(python, ["-c", "import nbclient"], { stdio: "ignore" }).status === 0;

/**
 * @returns best of some runs in turn, by kernel
 * @throws Error a run failed or lost an output
 */
export function benchNbclient(kinds, runs) {
  const folder = mkdtempSync(join(tmpdir(), "cellwright-bench-"));
  try {
    const cli = dist("server/cli/bin.js");
    const { status, stderr } = spawnSync(process.execPath, [cli, "kernel", "install", "--prefix", folder]);
    if (status !== 0) throw new Error(`Cannot install the kernelspecs: ${stderr}`);
    const known = kinds.filter((kind) => specs[kind]);
    const best = Object.fromEntries(known.map((kind) => [kind, Infinity]));
    for (let run = 0; run < runs; run++)
      for (const kind of known) best[kind] = Math.min(best[kind], millisecondsACell(specs[kind], folder));
    return best;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function millisecondsACell(spec, folder) {
  const { status, stdout, stderr } = spawnSync(python, ["-c", program], {
    input: JSON.stringify({ ...spec, cells, folder }),
    env: {
      ...process.env,
      JUPYTER_PATH: join(folder, "share/jupyter"),
      CELLWRIGHT_PROJECT: root,
      CELLWRIGHT_HOME: join(folder, "home"),
    },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`Cannot measure nbclient: ${stderr}`);
  return Number(stdout);
}
