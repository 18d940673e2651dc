// `cellwright run` as its user meets it: what it prints, what it writes, how it ends.
import { spawn } from "node:child_process";
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CodeCell } from "../../../kernel/notebook/nbformat.ts";
import { textOf } from "../../../kernel/notebook/nbformat.ts";
import { readNotebook } from "../../../kernel/notebook/read-notebook.ts";
import { findChromium } from "../../browser/chromium.ts";
import { bin, cellwright, cleanEnvironment, finished, temporaryFolder } from "../../support/cli.ts";
import { notebookText, type TestCell } from "../../support/notebooks.ts";

const cell = (id: string, source: string, ...tags: string[]): TestCell => ({
  id,
  source,
  ...(tags.length > 0 && { tags }),
});
const good = [cell("knobs", "let rows = 1;", "parameters"), cell("shows", 'console.log(rows, "rows")')];
const failing = [
  cell("before", 'console.log("before")'),
  cell("fails", 'const x = 1;\nthrow new RangeError("x is " + x);'),
];

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder[Symbol.dispose]());

const at = (...path: string[]) => join(folder.path, ...path);
function write(name: string, cells: readonly TestCell[] | string, language?: string): void {
  writeFileSync(at(name), typeof cells === "string" ? cells : notebookText(cells, language ? { language } : {}));
}
const run = (...args: string[]) => cellwright(["run", ...args], { cwd: folder.path });

function printed(name: string): (string | undefined)[] {
  const { cells } = readNotebook(readFileSync(at(name), "utf8"));
  return cells.map((found) => {
    const [output] = (found as CodeCell).outputs;
    return output?.output_type === "stream" ? textOf(output.text) : output?.output_type;
  });
}

describe("a run that works", () => {
  for (const kernel of ["cellwright", "tslab"])
    test(`in ${kernel} ends with 0, the result on stdout, a line a cell on stderr, the input untouched`, async () => {
      write("good.ipynb", good);
      const before = readFileSync(at("good.ipynb"));
      const { code, stdout, stderr } = await run("good.ipynb", "-p", "rows=20", "--kernel", kernel);
      expect(stderr).toContain("good.ipynb: 3 cells\n");
      expect(stderr.match(/^ok {2}[123]\/3 .*$/gm)).toHaveLength(3);
      expect(stdout).toMatch(/^ok {2}good\.ipynb {2}3 of 3 cells {2}\d+\.\d s {2}.*\.cellwright\/runs\/good\.ipynb\n$/);
      expect(code).toBe(0);
      expect(printed(".cellwright/runs/good.ipynb")).toEqual([undefined, undefined, "20 rows\n"]);
      expect(readFileSync(at("good.ipynb"))).toEqual(before);
    });

  test("writes what was executed as a page too, by itself and beside others", async () => {
    write("good.ipynb", good);
    write("b.ipynb", good);
    const { code, stdout } = await run("good.ipynb", "--html", "page.html");
    expect(code).toBe(0);
    expect(stdout).toContain("page.html");
    expect(readFileSync(at("page.html"), "utf8")).toContain("1 rows");
    expect((await run("good.ipynb", "b.ipynb", "--html", "pages")).code).toBe(0);
    expect(readdirSync(at("pages")).sort()).toEqual(["b.html", "good.html"]);
  });

  test.skipIf(!findChromium())("prints what was executed, and fails before it runs where nothing prints", async () => {
    write("good.ipynb", good);
    const { code, stdout } = await run("good.ipynb", "--pdf", "prints/", "--html", "page.html");
    expect([code, stdout]).toEqual([0, expect.stringMatching(/page\.html {2}.*prints\/good\.pdf\n$/)]);
    expect(readFileSync(at("prints/good.pdf")).subarray(0, 5).toString()).toBe("%PDF-");
    const env = { CELLWRIGHT_CHROMIUM: at("no-browser") };
    const refused = await cellwright(["run", "good.ipynb", "-o", "none.ipynb", "--pdf", "a.pdf"], {
      cwd: folder.path,
      env,
    });
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("found no Chromium at")]);
    const broken = { CELLWRIGHT_CHROMIUM: "/bin/false" };
    const unprinted = await cellwright(["run", "good.ipynb", "-o", "kept.ipynb", "--pdf", "a.pdf"], {
      cwd: folder.path,
      env: broken,
    });
    expect([unprinted.code, unprinted.stderr]).toEqual([1, expect.stringContaining("/bin/false ended with 1")]);
    expect(readdirSync(folder.path)).toEqual(expect.arrayContaining(["kept.ipynb", "page.html"]));
    expect(readdirSync(folder.path)).not.toEqual(expect.arrayContaining(["none.ipynb"]));
  });

  test("takes several notebooks at once, each parameter where it is declared, and tells all as JSON", async () => {
    write("a.ipynb", good);
    write("b.ipynb", [cell("shows", 'console.log("no knobs")')]);
    const { code, stdout } = await run("a.ipynb", "b.ipynb", "-j", "2", "-p", "rows=5", "-o", "done", "--json");
    expect(code).toBe(0);
    const { runs } = JSON.parse(stdout) as { runs: Record<string, unknown>[] };
    expect(runs).toMatchObject([
      { path: "a.ipynb", status: "ok", cells: 3, ran: 3, out: at("done/a.ipynb") },
      { path: "b.ipynb", status: "ok", cells: 1, ran: 1, out: at("done/b.ipynb") },
    ]);
    expect(printed("done/a.ipynb").at(-1)).toBe("5 rows\n");
    expect(printed("done/b.ipynb")).toEqual(["no knobs\n"]);
  });

  test("writes its events to a file descriptor, a JSON object a line", async () => {
    write("good.ipynb", good);
    const script = `exec "$0" "$1" run good.ipynb --events 3 -o out.ipynb 3>events 2>/dev/null`;
    const { code } = await finished("sh", ["-c", script, process.execPath, bin], { cwd: folder.path });
    expect(code).toBe(0);
    const events = readFileSync(at("events"), "utf8").trim().split("\n");
    expect(events.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual([
      "run-started",
      "cell-started",
      "cell-ended",
      "cell-started",
      "cell-output",
      "cell-ended",
      "run-ended",
    ]);
  });

  test("a kernel knows the project, its home and the server it may deploy to", async () => {
    write("env.ipynb", [
      cell(
        "env",
        "const { CELLWRIGHT_PROJECT, CELLWRIGHT_HOME, CELLWRIGHT_URL } = process.env;\nconsole.log([CELLWRIGHT_PROJECT, CELLWRIGHT_HOME, CELLWRIGHT_URL].join())",
      ),
    ]);
    mkdirSync(at(".cellwright"));
    writeFileSync(at(".cellwright/server.json"), JSON.stringify({ url: "http://127.0.0.1:9", token: "gone" }));
    await run("env.ipynb", "-o", "out.ipynb");
    expect(printed("out.ipynb")).toEqual([`${folder.path},${at(".cellwright")},\n`]);
    const env = { CELLWRIGHT_URL: "http://127.0.0.1:1", CELLWRIGHT_TOKEN: "t" };
    await cellwright(["run", "env.ipynb", "-o", "out.ipynb"], { cwd: folder.path, env });
    expect(printed("out.ipynb")).toEqual([`${folder.path},${at(".cellwright")},http://127.0.0.1:1\n`]);
  });
});

describe("a run that does not", () => {
  test("shows the cell that failed and its traceback, keeps what ran, ends with 1", async () => {
    write("failing.ipynb", [...failing, cell("after", "1")]);
    const { code, stdout, stderr } = await run("failing.ipynb", "-o", "out.ipynb");
    expect(code).toBe(1);
    expect(stderr).toContain("✖ failing.ipynb, cell 2 of 3 (fails): RangeError: x is 1\n");
    expect(stderr).toContain('   2 | throw new RangeError("x is " + x);\n');
    expect(stdout).toMatch(/^failed {2}failing\.ipynb {2}1 of 3 cells/);
    expect(printed("out.ipynb")).toEqual(["before\n", "error", undefined]);
  });

  test("says what a cell that ran too long did, and what a kernel that died said", async () => {
    write("slow.ipynb", [cell("before", 'console.log("before")'), cell("slow", "while (true) {}")]);
    write("dies.ipynb", [cell("dies", "process.exit(7)")]);
    const { code, stdout, stderr } = await run("slow.ipynb", "dies.ipynb", "--cell-timeout", "2", "-o", "out");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^timed-out {2}slow\.ipynb {2}1 of 2 cells.*\ndied {2}dies\.ipynb {2}0 of 1 cells/);
    expect(stderr).toContain("✖ slow.ipynb, cell 2 of 2 (slow): Timeout: the cell was interrupted: it had run for 2 s");
    expect(stderr).toContain(
      "✖ dies.ipynb, cell 1 of 1 (dies): KernelDied: The kernel cellwright died: it ended with status 7",
    );
    expect(printed("out/slow.ipynb")[0]).toBe("before\n");
    expect(printed("out/dies.ipynb")).toEqual(["error"]);
  });

  for (const times of [1, 2])
    test(`stopped by Ctrl-C, ${times === 1 ? "once" : "twice"}, keeps what ran, ends with 130 and leaves no kernel`, async () => {
      write("slow.ipynb", [
        cell("before", "console.log(process.pid)"),
        cell("slow", 'console.log("in");\nwhile (true) {}'),
      ]);
      const child = spawn(process.execPath, [bin, "run", "slow.ipynb", "-o", "out.ipynb", "--events", "1"], {
        cwd: folder.path,
        env: cleanEnvironment(),
        stdio: ["ignore", "pipe", "ignore"],
      });
      let said = "";
      let left = times;
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        if (said.includes('"text":"in')) while (left-- > 0) setTimeout(() => child.kill("SIGINT"), 5 * left);
      });
      const code = await new Promise((resolve) => child.once("close", resolve));
      expect(code).toBe(130);
      const [pid, slow] = printed("out.ipynb");
      expect(slow).toBe("in\n");
      await ended(Number(pid));
    });
});

async function ended(pid: number): Promise<void> {
  const isAlive = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  while (isAlive()) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe("wrong use ends with 2 and one line, before any kernel starts", () => {
  const refused: [string, string[], string][] = [
    ["a missing file", ["none.ipynb"], "Cannot read none.ipynb: found no such file, expected a notebook"],
    ["a folder", ["."], "Cannot read .: found a folder, expected a notebook"],
    ["a corrupt file", ["corrupt.ipynb"], "Cannot read corrupt.ipynb: found text that is no JSON (line 1, column 11)"],
    ["another language", ["python.ipynb"], "Cannot run python.ipynb: found a notebook in python, expected typescript"],
    ["an old format", ["old.ipynb"], "Cannot read old.ipynb: found nbformat 3, expected nbformat 4"],
    ["an unknown parameter", ["good.ipynb", "-p", "row=1"], 'Cannot set parameter "row" of good.ipynb'],
    ["a parameter without a value", ["good.ipynb", "-p", "rows"], "expected name=value"],
    [
      "an unknown kernel",
      ["good.ipynb", "--kernel", "python3"],
      "Allowed choices are cellwright, cellwright-run, tslab",
    ],
    ["an unknown flag", ["good.ipynb", "--speed", "9"], "unknown option '--speed'"],
    ["an unknown mode", ["good.ipynb", "--mode", "fast"], "Allowed choices are check, run"],
    ["a mode for another kernel", ["good.ipynb", "--mode", "run", "--kernel", "tslab"], "cannot be used with"],
    ["no notebook", [], "missing required argument 'notebooks'"],
    ["a time limit of nothing", ["good.ipynb", "--timeout", "0"], "expected seconds, more than 0"],
    ["the input as output", ["good.ipynb", "-o", "good.ipynb"], "found that it is the input good.ipynb"],
    ["a link to the input as output", ["good.ipynb", "-o", "link.ipynb"], "found that it is the input good.ipynb"],
    ["another name of the input", ["link.ipynb", "-o", "hard.ipynb"], "found that it is the input link.ipynb"],
    ["the input's folder as output", ["good.ipynb", "-o", "."], "found that it is the input good.ipynb"],
    ["two of one name", ["good.ipynb", "sub/good.ipynb"], "found two notebooks of this name"],
    ["a file for several", ["good.ipynb", "python.ipynb"], "Cannot run python.ipynb"],
  ];
  for (const [what, args, message] of refused)
    test(what, async () => {
      mkdirSync(at("sub"));
      write("good.ipynb", good);
      write("sub/good.ipynb", good);
      write("python.ipynb", good, "python");
      write("corrupt.ipynb", '{"cells": ');
      write("old.ipynb", '{"nbformat": 3, "worksheets": []}');
      symlinkSync("good.ipynb", at("link.ipynb"));
      linkSync(at("good.ipynb"), at("hard.ipynb"));
      const { code, stdout, stderr } = await run(...args);
      expect(stderr).toContain(message);
      expect(
        stderr
          .trim()
          .split("\n")
          .filter((line) => !line.startsWith("(")),
      ).toHaveLength(1);
      expect([code, stdout]).toEqual([2, ""]);
      expect(existsSync(at(".cellwright"))).toBe(false);
      expect(readdirSync(folder.path)).toHaveLength(7);
    });
});
