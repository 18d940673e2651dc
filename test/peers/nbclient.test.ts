// PyPI's nbclient, which is what nbconvert, papermill and Jupyter Book run notebooks with, runs ours by the installed kernelspec.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { cellwright, root, temporaryFolder } from "../support/cli.ts";
import { notebookText } from "../support/notebooks.ts";
import { expectEveryOutput, numberedCells } from "./numbered-cells.ts";
import { pythonMissing, runPython } from "./python.ts";

interface Executed {
  readonly cells: readonly {
    readonly execution_count?: number | null;
    readonly outputs?: readonly {
      readonly output_type: string;
      readonly text?: string;
      readonly ename?: string;
      readonly data?: Record<string, unknown>;
    }[];
  }[];
  readonly problem: string | null;
}

const execute = `
import json, os, sys
given = json.load(sys.stdin)
os.environ.update(given["env"])
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
book = nbformat.reads(given["text"], as_version=4)
nbformat.validate(book)
problem = None
try:
    NotebookClient(book, timeout=240, kernel_name="cellwright", resources={"metadata": {"path": given["folder"]}}).execute()
except CellExecutionError as error:
    problem = error.ename + ": " + error.evalue
nbformat.validate(book)
json.dump({"cells": book.cells, "problem": problem}, sys.stdout)
`;

describe.skipIf(pythonMissing("nbclient", "nbformat"))("nbclient with our kernelspec", () => {
  const home = temporaryFolder();
  const env = {
    JUPYTER_PATH: join(home.path, "share/jupyter"),
    CELLWRIGHT_PROJECT: root,
    CELLWRIGHT_HOME: join(home.path, "home"),
  };
  const run = (text: string, folder = home.path) => runPython<Executed>(execute, { text, folder, env });

  beforeAll(async () => {
    const { code, stderr } = await cellwright(["kernel", "install", "--prefix", home.path]);
    expect(code, stderr).toBe(0);
    return () => home[Symbol.dispose]();
  });

  test("keeps every output of every cell, in order", () => {
    const { cells, problem } = run(numberedCells(200));
    expect(problem).toBeNull();
    expectEveryOutput(cells, 200);
  });

  test("is told an error by name and value, and stops there", () => {
    const cells = [
      { id: "a", source: "const x = await Promise.resolve(1);" },
      { id: "b", source: "throw new RangeError('too far')" },
      { id: "c", source: "x" },
    ];
    const { cells: executed, problem } = run(notebookText(cells));
    expect(problem).toBe("RangeError: too far");
    expect(executed[1]!.outputs).toMatchObject([{ output_type: "error", ename: "RangeError" }]);
    expect(executed[2]!.outputs).toEqual([]);
  });

  test("runs our notebooks in reading order", () => {
    const folder = join(root, "notebooks");
    const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
    for (const name of names.sort()) {
      const { cells, problem } = run(readFileSync(join(folder, name), "utf8"), folder);
      expect([name, problem]).toEqual([name, null]);
      expect(cells.some(({ outputs }) => outputs?.some(({ data }) => data !== undefined))).toBe(true);
    }
  });
});
