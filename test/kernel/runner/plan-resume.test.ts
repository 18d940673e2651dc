import { describe, expect, test } from "vitest";
import type { CodeCell, Notebook, Output } from "../../../kernel/notebook/nbformat.ts";
import { readNotebook } from "../../../kernel/notebook/read-notebook.ts";
import { planResume } from "../../../kernel/runner/plan-resume.ts";
import { notebookText } from "../../support/notebooks.ts";

const threw: Output = { output_type: "error", ename: "Error", evalue: "no", traceback: [] };

function bookOf(...sources: readonly string[]): Notebook {
  return readNotebook(notebookText(sources.map((source, i) => ({ id: `c${i + 1}`, source }))));
}

/** As a run leaves it that stopped at a cell, from 0. */
function stoppedAt(notebook: Notebook, at: number, output: Output = threw): Notebook {
  const cells = notebook.cells.map((cell, i) => ({
    ...(cell as CodeCell),
    execution_count: i <= at ? i + 1 : null,
    outputs: i === at ? [output] : [],
  }));
  return { ...notebook, cells };
}

function resumed(sources: readonly string[], { at = sources.length - 1, from }: { at?: number; from?: string } = {}) {
  const notebook = bookOf(...sources);
  const { kept, again } = planResume(notebook, {
    earlier: stoppedAt(notebook, at),
    ...(from !== undefined && { from }),
  });
  return { kept: [...kept], again: [...again].sort() };
}

describe("what a run that goes on does", () => {
  test.each<[string, string[], number[]]>([
    ["a cell nobody needs any more is kept", ["console.log(1)", "throw 1"], []],
    ["what a later cell uses is run again", ["const a = 1;", "const b = 2;", "console.log(a)"], [1]],
    ["and what that needs in its turn", ["let a = 1;", "const b = a + 1;", "console.log(b)"], [1, 2]],
    ["a cell that changes it too", ["const rows = [1];", "rows.push(2);", "console.log(rows)"], [1, 2]],
    ["one that assigns it", ["let n = 1;", "n = 2;", "console.log(n)"], [1, 2]],
    [
      "a function, and what it calls, wherever that stands",
      ["const f = () => g();", "const g = () => 1;", "f()"],
      [1, 2],
    ],
    ["an import", ['import { mean } from "cellwright";', "mean([1])"], [1]],
    ["a type", ["interface Row { n: number }", "const row: Row = { n: 1 };"], [1]],
    ["what reaches into the kernel's globals", ["globalThis.x = 1;", "console.log(2)"], [1]],
    ["an import for its effects alone", ['import "./setup.ts";', "console.log(2)"], [1]],
  ])("%s", (_what, sources, again) => {
    expect(resumed(sources).again).toEqual(again);
    expect(resumed(sources).kept).toEqual(
      sources.slice(0, -1).flatMap((_, i) => (again.includes(i + 1) ? [] : [i + 1])),
    );
  });

  test("goes on at the first cell that did not run through or is another one now", () => {
    const earlier = stoppedAt(bookOf("console.log(1)", "console.log(2)", "console.log(3)"), 2);
    expect([...planResume(bookOf("console.log(1)", "console.log(2)", "console.log(4)"), { earlier }).kept]).toEqual([
      1, 2,
    ]);
    expect([...planResume(bookOf("console.log(1)", "console.log(9)", "console.log(3)"), { earlier }).kept]).toEqual([
      1,
    ]);
    expect([...planResume(bookOf("console.log(0)"), { earlier }).kept]).toEqual([]);
  });

  test("runs nothing when all ran through", () => {
    const notebook = bookOf("const a = 1;", "a");
    const earlier = stoppedAt(notebook, 1, { output_type: "stream", name: "stdout", text: "1" });
    expect(planResume(notebook, { earlier })).toEqual({ kept: new Set([1, 2]), again: new Set() });
  });

  test("begins at a cell by id or number, not after the first that has not run", () => {
    const sources = ["const a = 1;", "console.log(2)", "console.log(a)", "throw 1"];
    expect(resumed(sources, { from: "c2" })).toEqual({ kept: [], again: [1] });
    expect(resumed(sources, { from: "3" })).toEqual({ kept: [2], again: [1] });
    expect(() => resumed(sources, { from: "c4", at: 1 })).toThrow(
      "Cannot go on from cell c4 of notebook: found that cell 2 (c2) has not run as it is now, expected that cell or an earlier one",
    );
    expect(() => resumed(sources, { from: "5" })).toThrow(
      /found no such cell that runs, expected a cell's id or a number from 1 to 4/,
    );
  });
});
