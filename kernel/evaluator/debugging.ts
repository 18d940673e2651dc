// What a debugger asks of the cells' thread, through the hidden name: where a breakpoint in TypeScript belongs in the script that V8
// gets, what a place in a script is in TypeScript, and how values and expressions are told. Answered also while a cell is paused.
import { readFileSync } from "node:fs";
import { lowerSyntax } from "./lower-syntax.ts";
import { lineStarts, type Position, positionAt } from "./positions.ts";
import { prepareCell } from "./prepare-cell.ts";
import type { Sources } from "./sources.ts";
import { type AnyNode, parseModule, walk } from "./syntax.ts";
import { SourceSyntaxError, transpile } from "./transpile.ts";
import { inspectValue, type MimeBundle, toBundle } from "./values.ts";

/** Where V8 stops, lines and columns from 0, for a line of the TypeScript, from 1. */
export interface Stop {
  readonly line: number;
  readonly scriptLine: number;
  readonly scriptColumn: number;
}

export interface Debugging {
  /** While true, what a cell throws may pause it. */
  pausesOnErrors: boolean;
  /** Of a cell's text: for each line the first statement at or after it; null where none follows. */
  stopsInCell(code: string, lines: readonly number[]): (Stop | null)[];
  stopsInFile(path: string, lines: readonly number[]): (Stop | null)[];
  /** Positions from 1. Undefined for scripts that are nobody's cells or files. */
  locate(script: string, line: number, column: number): (Position & { label: string }) | undefined;
  /** Scripts of local files, by name. */
  files(): string[];
  /** A source's text. @throws Error it cannot be read */
  read(path: string): string;
  toJavaScript(expression: string): string;
  bundle(value: unknown): MimeBundle;
}

export function createDebugging({ sources, folder }: { sources: Sources; folder: string }): Debugging {
  return {
    pausesOnErrors: false,
    stopsInCell: (code, lines) => found(lines, () => stopsOfCell(code, folder)),
    stopsInFile: (path, lines) => found(lines, () => stopsOfFile(path, folder)),
    locate: (script, line, column) => {
      const source = sources.byScript(script);
      return source && { label: source.label, ...source.locate({ line, column }) };
    },
    files: () => sources.names().filter((name) => name.startsWith("file:")),
    read: (path) => readFileSync(path, "utf8"),
    toJavaScript: (expression) => transpile(`(${expression}\n)`).js.trim().replace(/;$/, ""),
    bundle: (value) => {
      const made = toBundle(value);
      return made instanceof Promise ? { "text/plain": inspectValue(value) } : made;
    },
  };
}

/** Text that cannot be parsed has no place to stop. */
function found(lines: readonly number[], stops: () => Stop[]): (Stop | null)[] {
  try {
    const all = stops();
    return lines.map((line) => all.find((stop) => stop.line >= line) ?? null);
  } catch (error) {
    if (error instanceof SourceSyntaxError) return lines.map(() => null);
    throw error;
  }
}

function stopsOfCell(code: string, folder: string): Stop[] {
  const { transpiled, rewritten } = prepareCell(code, { runId: 1, constants: new Set(), folder });
  const { script, toSource } = rewritten;
  const places = new Map<number, number>();
  for (let at = script.length - 1; at >= 0; at--) {
    const from = toSource(at);
    // Text written in front of a statement stands for its first character: V8 stops at its start.
    if (!places.has(from) || toSource(at + 1) === from) places.set(from, at);
  }
  return inOrder(transpiled.js, transpiled.toSource, script, (offset) => places.get(offset));
}

function stopsOfFile(path: string, folder: string): Stop[] {
  const text = readFileSync(path, "utf8");
  const { js, toSource } = lowerSyntax(text, { folder, kind: "file" }) ?? transpile(text, { elideImports: true });
  return inOrder(js, toSource, js, (offset) => offset);
}

function inOrder(
  js: string,
  toSource: (position: Position) => Position,
  script: string,
  placeOf: (offset: number) => number | undefined,
): Stop[] {
  const starts = { js: lineStarts(js), script: lineStarts(script) };
  const stops = statementsOf(js).flatMap((offset) => {
    const place = placeOf(offset);
    if (place === undefined) return [];
    const { line, column } = positionAt(starts.script, place);
    return [{ line: toSource(positionAt(starts.js, offset)).line, scriptLine: line - 1, scriptColumn: column - 1 }];
  });
  return stops.sort((a, b) => a.line - b.line || a.scriptLine - b.scriptLine || a.scriptColumn - b.scriptColumn);
}

/** Offsets of all that runs step by step. */
function statementsOf(js: string): number[] {
  const offsets: number[] = [];
  walk(parseModule(js), (node) => {
    if (runs(node)) offsets.push(node.start);
    if (node.type === "ArrowFunctionExpression" && node.body.type !== "BlockStatement") offsets.push(node.body.start);
    return undefined;
  });
  return offsets;
}

function runs({ type }: AnyNode): boolean {
  if (type === "VariableDeclaration") return true;
  return type.endsWith("Statement") && type !== "BlockStatement" && type !== "EmptyStatement";
}
