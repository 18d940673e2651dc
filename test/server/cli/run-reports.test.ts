// What a run tells machines: JUnit and annotations, and how it goes on where an earlier one stopped.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DOMParser, type Element } from "@xmldom/xmldom";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CodeCell, textOf } from "../../../kernel/notebook/nbformat.ts";
import { readNotebook } from "../../../kernel/notebook/read-notebook.ts";
import { githubAnnotation } from "../../../server/cli/run-reports/github.ts";
import { junitReport } from "../../../server/cli/run-reports/junit.ts";
import { cellwright, temporaryFolder } from "../../support/cli.ts";
import { notebookText, type TestCell } from "../../support/notebooks.ts";

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder[Symbol.dispose]());

const at = (...path: string[]) => join(folder.path, ...path);
const write = (name: string, cells: readonly TestCell[]) => writeFileSync(at(name), notebookText(cells));
const run = (args: readonly string[], env: Record<string, string> = {}) =>
  cellwright(["run", ...args], { cwd: folder.path, env });
const cell = (id: string, source: string): TestCell => ({ id, source });

const failing = [
  cell("before", 'console.log("before")'),
  cell("fails", 'const x = 1;\n\nthrow new RangeError("x < " + x + " & 50%, or: so");'),
  cell("after", "1"),
];

describe("reports", () => {
  test("a testsuite a notebook, a testcase a cell; an annotation at the line of the file", async () => {
    write("failing.ipynb", failing);
    write("good.ipynb", [cell("shows", "1 + 1")]);
    const { code, stderr } = await run(
      ["failing.ipynb", "good.ipynb", "-j", "2", "-o", "out", "--junit", "reports/j.xml"],
      {
        GITHUB_ACTIONS: "true",
        GITHUB_WORKSPACE: folder.path,
      },
    );
    expect(code).toBe(1);
    const xml = readFileSync(at("reports/j.xml"), "utf8");
    expect(readXml(xml)).toEqual({
      "failing.ipynb": {
        'cell 1 (before): console.log("before")': "",
        "cell 2 (fails): const x = 1;": "RangeError: x < 1 & 50%, or: so",
        "cell 3 (after): 1": "not run",
      },
      "good.ipynb": { "cell 1 (shows): 1 + 1": "" },
    });
    expect(xml).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="cellwright run" tests="4" failures="1" errors="0" skipped="1" time="\d+\.\d{3}">\n/,
    );
    expect(xml).toMatch(
      /<testsuite name="failing.ipynb" tests="3" failures="1" errors="0" skipped="1" time="[\d.]+" timestamp="[\d:T-]{19}">/,
    );
    expect(xml).toMatch(
      /<testcase classname="failing.ipynb" name="cell 1 \(before\): console.log\(&quot;before&quot;\)" time="[\d.]+"\/>/,
    );
    expect(xml).toContain(
      '<failure type="RangeError" message="RangeError: x &lt; 1 &amp; 50%, or: so">cell 2 (fails), line 3\nRangeError: x',
    );
    expect(xml).toContain('<skipped message="not run"/>');
    expect(xml).toMatch(/<testsuite name="good.ipynb" tests="1" failures="0"/);
    const line =
      readFileSync(at("failing.ipynb"), "utf8")
        .split("\n")
        .findIndex((text) => text.includes("throw new")) + 1;
    const head = `::error file=failing.ipynb,line=${line},title=RangeError in cell 2 of 3 (fails)::RangeError: x < 1 & 50%25, or: so%0A`;
    expect(stderr.split("\n").filter((text) => text.startsWith("::"))).toEqual([expect.stringContaining(head)]);
  });

  test("--report writes the same where nothing is named; without GitHub there is no annotation", async () => {
    write("dies.ipynb", [cell("dies", "process.exit(3)")]);
    const plain = await run(["dies.ipynb", "--report", "junit"]);
    expect([plain.code, plain.stderr]).toEqual([1, expect.not.stringContaining("::error")]);
    expect(readFileSync(at(".cellwright/runs/junit.xml"), "utf8")).toContain('<error type="KernelDied"');
    expect((await run(["dies.ipynb", "--report", "github"])).stderr).toContain("::error file=dies.ipynb,line=");
  });

  test("say what no kernel was there for, and stay XML whatever is said", () => {
    const failure = { ename: "Error", evalue: 'a "b"\n\u0000\ud800', traceback: ["\x1b[31mred\x1b[0m <&>\x07"] };
    const result = {
      path: "a&b.ipynb",
      status: "died",
      ms: 5,
      cells: 0,
      ran: 0,
      kept: 0,
      cellReports: [],
      startedAt: 0,
      failure,
    } as const;
    expect(readXml(junitReport([result]))).toEqual({ "a&b.ipynb": { kernel: 'Error: a "b"\n\ufffd\ufffd' } });
    expect(junitReport([result])).toContain(
      '<testcase classname="a&amp;b.ipynb" name="kernel" time="0.000">\n      <error type="Error" message="Error: a &quot;b&quot;&#10;\ufffd\ufffd">red &lt;&amp;&gt;\ufffd</error>',
    );
    expect(githubAnnotation({ path: "/w/a,b:c.ipynb", failure }, "/w")).toBe(
      "::error file=a%2Cb%3Ac.ipynb,title=Error::red <&>\x07",
    );
  });
});

describe("a run that goes on", () => {
  const texts = (name: string) =>
    readNotebook(readFileSync(at(name), "utf8")).cells.map((found) =>
      (found as CodeCell).outputs.map((output) =>
        output.output_type === "stream" ? textOf(output.text).trim() : output.output_type,
      ),
    );
  /** Says which process ran it; the middle one fails until a file is there. */
  const cells = [
    cell("needed", "const fs = await import('node:fs');\nconst n = 20;\nconsole.log(process.pid, n)"),
    cell("effect", "console.log('trained', Math.random())"),
    cell("gate", "if (!fs.existsSync('ready')) throw new Error('not yet');\nconsole.log('passed')"),
    cell("uses", "console.log(n * 2)"),
  ];

  test("keeps what nobody needs, runs again what later cells use, and passes", async () => {
    write("book.ipynb", cells);
    expect((await run(["book.ipynb", "--resume", "-o", "out.ipynb"])).code).toBe(1);
    const first = texts("out.ipynb");
    expect(first[2]).toEqual(["error"]);
    writeFileSync(at("ready"), "");
    const { code, stdout, stderr } = await run(["book.ipynb", "--resume", "-o", "out.ipynb", "--junit", "j.xml"]);
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining("book.ipynb: 4 cells, 1 kept, 1 of the earlier ones run again"),
    ]);
    expect(stdout).toContain("3 of 4 cells  1 kept");
    const second = texts("out.ipynb");
    expect(second[0]).not.toEqual(first[0]);
    expect(second[1]).toEqual(first[1]);
    expect(second.slice(2)).toEqual([["passed"], ["40"]]);
    expect(readFileSync(at("j.xml"), "utf8")).toContain('<skipped message="kept from the earlier run"/>');
  });

  test("from a cell of one's choice; what cannot be is refused before anything runs", async () => {
    write("book.ipynb", cells);
    const from = (id: string, ...more: string[]) => run(["book.ipynb", ...more, "--from", id, "-o", "out.ipynb"]);
    expect(await from("effect")).toMatchObject({ code: 2, stderr: expect.stringContaining("found no earlier run at") });
    writeFileSync(at("ready"), "");
    expect((await run(["book.ipynb", "-o", "out.ipynb"])).code).toBe(0);
    const first = texts("out.ipynb");
    expect((await from("4")).code).toBe(0);
    expect(texts("out.ipynb").slice(1)).toEqual(first.slice(1));
    expect(texts("out.ipynb")[0]).not.toEqual(first[0]);
    expect(await from("none")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("found no such cell that runs"),
    });
    write("other.ipynb", cells);
    expect(await from("gate", "other.ipynb")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("found 2 notebooks, expected one"),
    });
  });
});

/** Suites, their cases, and the message of each as a parser reads it; any slip of form throws. */
function readXml(xml: string): Record<string, Record<string, string>> {
  const refuse = (level: string, message: string): void => {
    if (level !== "warning") throw new Error(message); // it warns of U+FFFD, which is our own
  };
  const { documentElement } = new DOMParser({ onError: refuse }).parseFromString(xml, "application/xml");
  const elements = (parent: Element): Element[] =>
    Array.from(parent.childNodes).filter((node) => node.nodeType === 1) as Element[];
  const name = (element: Element): string => element.getAttribute("name")!;
  const message = (testcase: Element): string => elements(testcase)[0]?.getAttribute("message") ?? "";
  return Object.fromEntries(
    elements(documentElement!).map((suite) => [
      name(suite),
      Object.fromEntries(elements(suite).map((testcase) => [name(testcase), message(testcase)])),
    ]),
  );
}
