// What TypeScript says of a cell, as an error's traceback, as text and as HTML.
import { lineStarts, type Position, positionAt } from "../evaluator/positions.ts";
import { codeFrame } from "../evaluator/sources.ts";

export interface CellDiagnostic extends Position {
  /** `TS2322` */
  readonly code: string;
  readonly message: string;
}

/** A diagnostic as TypeScript gives it; offsets in UTF-16 units of the module. */
export interface RawDiagnostic {
  readonly pos: number;
  readonly code: number;
  readonly text: string;
  readonly messageChain?: readonly RawDiagnostic[] | undefined;
}

/** @param shift characters in front of the cell's text */
export function toCellDiagnostic(raw: RawDiagnostic, code: string, shift: number): CellDiagnostic {
  const offset = Math.min(Math.max(raw.pos - shift, 0), code.length);
  return { ...positionAt(lineStarts(code), offset), code: `TS${raw.code}`, message: messageOf(raw).join("\n") };
}

function messageOf({ text, messageChain = [] }: RawDiagnostic, depth = 0): string[] {
  return [`${"  ".repeat(depth)}${text}`, ...messageChain.flatMap((next) => messageOf(next, depth + 1))];
}

/** A cell that its types keep from running. */
export function toCellError(diagnostics: readonly CellDiagnostic[], label: string, code: string) {
  const [{ line, column, code: number, message }, ...others] = diagnostics as [CellDiagnostic, ...CellDiagnostic[]];
  const more = others.length > 0 ? ` (and ${others.length} more)` : "";
  const evalue = `${label}:${line}:${column} ${number}: ${message.split("\n")[0]}${more}`;
  const traceback = diagnostics.flatMap((each) => [...describe(each, label, code), ""]);
  return {
    ename: "TypeCheckError",
    evalue,
    traceback: [...traceback, "Nothing of this cell was run: its types are checked first."],
  };
}

export function toText(diagnostics: readonly CellDiagnostic[], label: string, code: string): string {
  return diagnostics.flatMap((each) => describe(each, label, code)).join("\n");
}

export function toHtml(diagnostics: readonly CellDiagnostic[], label: string, code: string): string {
  const items = diagnostics.map((each) => {
    const frame = codeFrame({ label, text: code, locate: (place) => place }, each).join("\n");
    const head = `<b>${escapeHtml(place(label, each))}</b> ${each.code}: ${escapeHtml(each.message).replaceAll("\n", "<br>")}`;
    return `<div>${head}<pre style="margin:.3em 0 .6em">${escapeHtml(frame)}</pre></div>`;
  });
  const style = "border-left:3px solid #b45309;padding-left:.8em";
  return `<div role="note" aria-label="Types" style="${style}">${items.join("")}</div>`;
}

function describe(diagnostic: CellDiagnostic, label: string, code: string): string[] {
  const head = `${place(label, diagnostic)} ${diagnostic.code}: ${diagnostic.message}`;
  return [...head.split("\n"), ...codeFrame({ label, text: code, locate: (place) => place }, diagnostic)];
}

function place(label: string, { line, column }: Position): string {
  return `${label}:${line}:${column}`;
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}
