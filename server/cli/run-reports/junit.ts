// Results as JUnit XML, which CI systems show as tests: a testsuite a notebook, a testcase a code cell. Pure.
// https://github.com/testmoapp/junitxml has the dialect that readers agree on.
import type { CellReport } from "../../../kernel/runner/run-notebook.ts";
import type { Failure, RunResult } from "./run-result.ts";

/** The whole file. A cell that was not run, or that an earlier run left nothing to do for, is skipped. */
export function junitReport(results: readonly RunResult[]): string {
  const suites = results.map(suiteOf);
  const totals = ["tests", "failures", "errors", "skipped"] as const;
  const sums = Object.fromEntries(
    totals.map((name) => [name, String(suites.reduce((sum, { attributes }) => sum + Number(attributes[name]), 0))]),
  );
  const time = seconds(results.reduce((sum, { ms }) => sum + ms, 0));
  const head = `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributesOf({ name: "cellwright run", ...sums, time })}>`;
  return `${[head, ...suites.map(({ text }) => text), "</testsuites>"].join("\n")}\n`;
}

function suiteOf(result: RunResult): { attributes: Record<string, string>; text: string } {
  const { path, ms, startedAt, failure } = result;
  const cases = result.cellReports.map((cell) => caseOf(cell, path, failure));
  // Without a cell it failed at the notebook itself did: no kernel came up.
  if (failure && failure.position === undefined)
    cases.push({
      kind: "errors",
      text: testcase({ classname: path, name: "kernel", time: "0.000" }, problem("error", failure)),
    });
  const count = (kind: Case["kind"]) => String(cases.filter((found) => found.kind === kind).length);
  const attributes = {
    name: path,
    tests: String(cases.length),
    failures: count("failures"),
    errors: count("errors"),
    skipped: count("skipped"),
    time: seconds(ms),
    timestamp: new Date(startedAt).toISOString().slice(0, 19),
  };
  const lines = [`  <testsuite${attributesOf(attributes)}>`, ...cases.map(({ text }) => text), "  </testsuite>"];
  return { attributes, text: lines.join("\n") };
}

interface Case {
  readonly kind: "passed" | "failures" | "errors" | "skipped";
  readonly text: string;
}

function caseOf(cell: CellReport, path: string, failure: Failure | undefined): Case {
  const { position, id, firstLine, status, ms } = cell;
  const attributes = { classname: path, name: `cell ${position} (${id}): ${firstLine}`, time: seconds(ms) };
  if (status === "ok") return { kind: "passed", text: testcase(attributes) };
  if (status === "kept" || status === "not-run") {
    const why = status === "kept" ? "kept from the earlier run" : "not run";
    return { kind: "skipped", text: testcase(attributes, `<skipped${attributesOf({ message: why })}/>`) };
  }
  const kind = status === "died" ? "error" : "failure";
  return { kind: `${kind}s`, text: testcase(attributes, problem(kind, failure!)) };
}

/** The message is what a reader shows in its list; the text says where it was, with the traceback. */
function problem(kind: "failure" | "error", { ename, evalue, traceback, position, id, line }: Failure): string {
  const place = position === undefined ? [] : [`cell ${position} (${id})${line === undefined ? "" : `, line ${line}`}`];
  const text = [...place, ...traceback.map(plain)].join("\n");
  return `<${kind}${attributesOf({ type: ename, message: `${ename}: ${evalue}` })}>${escapeText(text)}</${kind}>`;
}

function testcase(attributes: Record<string, string>, inside?: string): string {
  const open = `    <testcase${attributesOf(attributes)}`;
  return inside === undefined ? `${open}/>` : `${open}>\n      ${inside}\n    </testcase>`;
}

function attributesOf(attributes: Record<string, string>): string {
  const quoted = (text: string) =>
    escapeText(text)
      .replaceAll('"', "&quot;")
      .replaceAll(/[\n\t]/g, (c) => `&#${c.codePointAt(0)};`);
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${quoted(value)}"`)
    .join("");
}

/** What XML 1.0 cannot say at all becomes U+FFFD. */
function escapeText(text: string): string {
  return text
    .replaceAll(/\p{Cs}/gu, "\ufffd")
    .replaceAll("\r\n", "\n")
    .replaceAll("\r", "\n")
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

function plain(text: string): string {
  return text.replaceAll(/\x1b\[[0-9;]*[A-Za-z]/g, "");
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
