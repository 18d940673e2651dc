// Notebooks in real kernels, ours and stock tslab.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KernelConnection } from "../../../kernel/client/kernel-connection.ts";
import { kernelNames } from "../../../kernel/client/kernelspecs.ts";
import { startKernel } from "../../../kernel/client/start-kernel.ts";
import { type CodeCell, type Output, textOf } from "../../../kernel/notebook/nbformat.ts";
import { readNotebook } from "../../../kernel/notebook/read-notebook.ts";
import { writeNotebook } from "../../../kernel/notebook/write-notebook.ts";
import type { RunEvent } from "../../../kernel/runner/events.ts";
import { type RunNotebookOptions, runNotebook } from "../../../kernel/runner/run-notebook.ts";
import { root, temporaryFolder } from "../../support/cli.ts";
import { notebookText, type TestCell } from "../../support/notebooks.ts";

const cell = (id: string, source: string, ...tags: string[]): TestCell => ({
  id,
  source,
  ...(tags.length > 0 && { tags }),
});
const prints = (id: string) => cell(id, `console.log("${id}")`);

for (const spec of kernelNames) {
  describe(`a notebook in ${spec}`, () => {
    let kernel: KernelConnection;
    const folder = temporaryFolder();
    beforeAll(async () => {
      kernel = await startKernel({ spec, cwd: root });
    });
    afterAll(async () => {
      await kernel.shutdown();
      folder[Symbol.dispose]();
    });
    let runs = 0;

    async function run(cells: readonly TestCell[], options: Partial<RunNotebookOptions> = {}) {
      const text = notebookText(cells);
      const notebook = readNotebook(text);
      const out = join(folder.path, "runs", `${runs++}.ipynb`);
      const events: RunEvent[] = [];
      const onEvent = (event: RunEvent) => {
        events.push(event);
        options.onEvent?.(event);
      };
      const report = await runNotebook({ notebook, path: "x.ipynb", kernel, out, ...options, onEvent });
      expect(writeNotebook(notebook)).toBe(text);
      const saved = readNotebook(readFileSync(out, "utf8"));
      expect(readdirSync(join(folder.path, "runs")).filter((name) => name.endsWith(".part"))).toEqual([]);
      expect(writeNotebook(saved)).toBe(writeNotebook(report.notebook));
      const outputs = saved.cells.map((found) => (found as CodeCell).outputs?.map(summary).join("|"));
      return { report, saved, outputs, events };
    }

    test("keeps outputs and counts, sets parameters, and tells its progress", async () => {
      const { report, saved, outputs, events } = await run(
        [
          { id: "title", source: "# Title", markdown: true },
          cell("knobs", "let rows = 1;\nconst mode = 'fast';", "parameters"),
          cell("empty", "  \n"),
          cell("skipped", "throw 1", "skip-execution"),
          cell("shows", "\n  console.log(rows, mode)"),
        ],
        { parameters: { mode: "slow", rows: 20 } },
      );
      expect(report).toMatchObject({ status: "ok", cells: 3, ran: 3, path: "x.ipynb" });
      expect(report).not.toHaveProperty("failure");
      expect(saved.cells.map(({ id }) => id)).toEqual([
        "title",
        "knobs",
        "injected-parameters",
        "empty",
        "skipped",
        "shows",
      ]);
      expect(outputs).toEqual([undefined, "", "", "", "", "stdout 20 slow\n"]);
      const counts = saved.cells.map((found) => (found as CodeCell).execution_count);
      expect(counts.slice(3, 5)).toEqual([null, null]);
      expect(counts[5]).toBe(counts[1]! + 2);
      const told = events.map((event) => [event.type, "position" in event && event.position].join(" "));
      expect(told.filter((text) => !text.startsWith("cell-output"))).toEqual([
        "run-started false",
        "cell-started 1",
        "cell-ended 1",
        "cell-started 2",
        "cell-ended 2",
        "cell-started 3",
        "cell-ended 3",
        "run-ended false",
      ]);
      expect(events.find((event) => event.type === "cell-started" && event.id === "shows")).toMatchObject({
        index: 5,
        of: 3,
        firstLine: "console.log(rows, mode)",
      });
      expect(events.find((event) => event.type === "cell-output")).toMatchObject({ kind: "stdout", text: "20 slow\n" });
    });

    test("stops at the cell that fails and keeps what was there by then", async () => {
      const { report, outputs, events } = await run([
        prints("before"),
        cell("fails", 'console.log("half");\nthrow new RangeError("too far");'),
        prints("after"),
      ]);
      expect(report).toMatchObject({ status: "failed", ran: 1, cells: 3 });
      expect(report.failure).toMatchObject({
        id: "fails",
        index: 1,
        position: 2,
        ename: "RangeError",
        evalue: "too far",
      });
      expect(report.failure!.traceback.join("\n")).toContain("too far");
      expect(outputs).toEqual(["stdout before\n", "stdout half\n|error RangeError too far", ""]);
      expect(events.at(-1)).toMatchObject({ type: "run-ended", status: "failed", failedCell: { id: "fails" } });
    });

    test("goes on after a cell that is allowed to fail", async () => {
      const { report, outputs } = await run([
        cell("fails", 'throw new Error("meant")', "raises-exception"),
        prints("after"),
      ]);
      expect(report).toMatchObject({ status: "ok", ran: 2 });
      expect(outputs).toEqual(["error Error meant", "stdout after\n"]);
    });

    test("is interrupted when a cell takes too long, and the kernel lives on", async () => {
      const { report, outputs } = await run(
        [prints("before"), cell("slow", "await new Promise(() => {});"), prints("after")],
        {
          cellTimeoutMs: 1500,
        },
      );
      expect(report).toMatchObject({ status: "timed-out", ran: 1 });
      expect(report.failure).toMatchObject({ id: "slow", ename: "Timeout" });
      expect(report.failure!.evalue).toBe("the cell was interrupted: it had run for 1.5 s");
      expect(outputs[1]).toContain("error Timeout the cell was interrupted");
      expect(outputs[2]).toBe("");
      expect((await run([prints("again")])).report.status).toBe("ok");
    });

    test("has one time limit for all its cells", async () => {
      const sleep = (id: string) => cell(id, "await new Promise((resolve) => setTimeout(resolve, 1200));");
      const { report } = await run([sleep("a"), sleep("b"), sleep("c")], { timeoutMs: 2000 });
      expect(report.status).toBe("timed-out");
      expect(report.ran).toBeLessThan(2);
    });

    test("is cancelled in the middle of a cell, and before the first one", async () => {
      const abort = new AbortController();
      const onEvent = (event: RunEvent) =>
        event.type === "cell-started" && event.id === "loop" && setTimeout(() => abort.abort(), 400);
      const loop = cell("loop", "while (true) {}");
      const { report, outputs } = await run([prints("before"), loop, prints("after")], {
        signal: abort.signal,
        onEvent,
      });
      expect(report).toMatchObject({ status: "cancelled", ran: 1, failure: { id: "loop", ename: "Cancelled" } });
      expect(outputs[0]).toBe("stdout before\n");
      expect((await run([prints("never")], { signal: AbortSignal.abort() })).report).toMatchObject({
        status: "cancelled",
        ran: 0,
      });
      expect((await run([prints("again")])).report.status).toBe("ok");
    });

    test("that takes its kernel along is saved too, and says so in the cell", async () => {
      const { report, outputs } = await run([prints("before"), cell("dies", "process.exit(3)"), prints("after")]);
      expect(report).toMatchObject({ status: "died", ran: 1, failure: { id: "dies", ename: "KernelDied" } });
      expect(outputs[0]).toBe("stdout before\n");
      expect(outputs[1]).toContain(`The kernel ${spec} died: it ended with status 3`);
      const { report: next } = await run([prints("next")]);
      expect(next).toMatchObject({ status: "died", ran: 0 });
    });

    test("refuses parameters it does not declare before anything runs or is written", async () => {
      const out = join(folder.path, "never.ipynb");
      const notebook = readNotebook(notebookText([cell("knobs", "let rows = 1;", "parameters")]));
      await expect(runNotebook({ notebook, path: "x.ipynb", kernel, out, parameters: { row: 1 } })).rejects.toThrow(
        'Cannot set parameter "row" of x.ipynb',
      );
      expect(existsSync(out)).toBe(false);
    });
  });
}

function summary(output: Output): string {
  if (output.output_type === "stream") return `${output.name} ${textOf(output.text)}`;
  if (output.output_type === "error") return `error ${output.ename} ${output.evalue}`;
  return output.output_type;
}
