// A cell's TypeScript to the script that V8 gets. Decides what kind of cell it is: `{a: 1}` alone is an object, not a block.
import { createRequire } from "node:module";
import { lowerSyntax } from "./lower-syntax.ts";
import type { Position } from "./positions.ts";
import { type Rewritten, rewrite } from "./rewrite.ts";
import { SourceSyntaxError, type Transpiled, transpile } from "./transpile.ts";

export interface PreparedCell {
  readonly transpiled: Transpiled;
  readonly rewritten: Rewritten;
}

export interface PrepareOptions {
  runId: number;
  constants: ReadonlySet<string>;
  /** The notebook's folder. */
  folder: string;
}

/** @throws SourceSyntaxError with a position in the cell */
export function prepareCell(code: string, { runId, constants, folder }: PrepareOptions): PreparedCell {
  const plain = asObject(code) ?? transpile(code);
  const transpiled = lowerSyntax(code, { folder, kind: "cell" }) ?? plain;
  try {
    const showLast = !endsWithDeclaration(code);
    return { transpiled, rewritten: rewrite(transpiled.js, { runId, constants, showLast }) };
  } catch (error) {
    if (!(error instanceof SourceSyntaxError)) throw error;
    throw new SourceSyntaxError(error.message, transpiled.toSource(error.position));
  }
}

function asObject(code: string): Transpiled | undefined {
  if (!/^\s*\{/.test(code)) return undefined;
  try {
    const { js, toSource } = transpile(`(${code}\n)`);
    return { js, toSource: (position) => withoutParenthesis(toSource(position)) };
  } catch {
    return undefined;
  }
}

function withoutParenthesis({ line, column }: Position): Position {
  return line === 1 ? { line, column: Math.max(column - 1, 1) } : { line, column };
}

/** Types leave no trace in JavaScript: only TypeScript's own tree tells that a cell ends with one. */
function endsWithDeclaration(code: string): boolean {
  if (!/\b(interface|type|declare)\b/.test(code)) return false;
  const last = parser().parseSync("cell.ts", code, { lang: "ts", sourceType: "module" }).program.body.at(-1);
  return last !== undefined && last.type !== "ExpressionStatement" && last.type !== "ExportDefaultDeclaration";
}

/** Loaded when first needed: most cells do without. */
function parser(): typeof import("oxc-parser") {
  return createRequire(import.meta.url)("oxc-parser") as typeof import("oxc-parser");
}
