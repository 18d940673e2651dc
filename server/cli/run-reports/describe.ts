// Results for people: a line a notebook, and of a failure its place, code and traceback.
import { duration } from "../duration.ts";
import { paint } from "../output.ts";
import { mark } from "../run-progress.ts";
import type { RunResult } from "./run-result.ts";

export function describeResult({ path, status, ms, cells, ran, kept, out, html, pdf }: RunResult): string {
  const state = mark(status, process.stdout.isTTY === true);
  const places = [out, html, pdf].filter((place) => place !== undefined);
  const before = kept > 0 ? [`${kept} kept`] : [];
  return [state, path, `${ran} of ${cells} cells`, ...before, duration(ms), ...places].join("  ");
}

const shownLines = 30;

/** What went wrong and where, then the cell's code and the traceback. */
export function describeFailure({ path, failure }: RunResult): string {
  const { ename, evalue, traceback, position, of, id, code } = failure!;
  const [reason] = evalue.split("\n");
  const where = position === undefined ? path : `${path}, cell ${position} of ${of} (${id}): ${ename}`;
  const headline = `${paint("✖", 31)} ${where}: ${reason}`;
  const trace = process.stderr.isTTY ? traceback : traceback.map((line) => line.replaceAll(/\x1b\[[0-9;]*m/g, ""));
  return [headline, ...(code === undefined ? [] : numbered(code)), ...trace.map((line) => `  ${line}`)].join("\n");
}

function numbered(code: string): string[] {
  const lines = code.split("\n");
  const shown = lines.slice(0, shownLines).map((line, i) => `${String(i + 1).padStart(4)} | ${line}`);
  return lines.length > shownLines ? [...shown, `     | … ${lines.length - shownLines} more lines`] : shown;
}
