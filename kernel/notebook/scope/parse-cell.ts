// A code cell's text as a syntax tree. Lines that start with `%` are no code. A cell that does not parse keeps its complaint and
// what its words let us guess: which names it declares or changes.
import { parseSync } from "oxc-parser";
import { children, codeChildren, type SyntaxNode } from "./syntax.ts";

/** A code cell as the analysis takes it. */
export interface CodeCell {
  readonly id: string;
  /** 1-based among all cells of the notebook. */
  readonly position: number;
  readonly source: string;
  readonly tags: readonly string[];
}

export interface ParsedCell {
  readonly cell: CodeCell;
  /** The source with magics blanked out: the same lines, the same columns. */
  readonly code: string;
  /** Top-level statements; none when the cell does not parse. */
  readonly statements: readonly SyntaxNode[];
  readonly problem?: CellProblem;
}

export interface CellProblem {
  readonly message: string;
  /** Line of the cell, from 1. */
  readonly line: number;
  /** Names the text seems to declare, and to change. */
  readonly declares: readonly string[];
  readonly changes: readonly string[];
}

export function parseCell(cell: CodeCell): ParsedCell {
  const code = withoutMagics(cell.source);
  const { program, errors } = parse(code);
  const error = errors.find(({ severity }) => severity === "Error");
  if (!error) return { cell, code, statements: children(program as SyntaxNode, "body") };
  const line = code.slice(0, error.labels[0]?.start ?? 0).split("\n").length;
  return { cell, code, statements: [], problem: { message: error.message, line, ...guess(code) } };
}

/** Lines that start with `%` become empty, unless the line is inside a template string. */
export function withoutMagics(source: string): string {
  if (!/^%/m.test(source)) return source;
  const blanked = source.replace(/^%.*$/gm, (line) => " ".repeat(line.length));
  const { program, errors } = parse(source);
  if (errors.length > 0) return blanked;
  const inside = templates(program as SyntaxNode);
  return source.replace(/^%.*$/gm, (line, at: number) =>
    inside.some(({ start, end }) => start < at && at < end) ? line : " ".repeat(line.length),
  );
}

function parse(code: string): ReturnType<typeof parseSync> {
  return parseSync("cell.ts", code, { lang: "ts", sourceType: "module", preserveParens: false });
}

function templates(node: SyntaxNode): SyntaxNode[] {
  return [...(node.type === "TemplateLiteral" ? [node] : []), ...codeChildren(node).flatMap(templates)];
}

/** Read off the words, for a cell that is no program: enough to say that a needed name is meant here. */
function guess(code: string): { declares: string[]; changes: string[] } {
  const words = code.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, " ").replace(/(["'])(?:\\.|(?!\1)[^\\\n])*\1/g, '""');
  const declares = new Set<string>();
  const changes = new Set<string>();
  for (const [, name] of words.matchAll(
    /\b(?:const|let|var|function\s*\*?|class|enum|namespace)\s+([\p{L}_$][\p{L}\p{N}_$]*)/gu,
  ))
    declares.add(name!);
  for (const [, list] of words.matchAll(/\b(?:const|let|var)\s*[{[]([^=]*)[}\]]/gu)) addNames(declares, list!);
  for (const [, list] of words.matchAll(/\bimport\s+(?!type\b)([^"';]*?)\s+from\b/gu)) addNames(declares, list!);
  for (const [, name] of words.matchAll(
    /(?<![\p{L}\p{N}_$.])([\p{L}_$][\p{L}\p{N}_$]*)\s*(?:(?:[-+*/%&|^]|\*\*|<<|>>>?|&&|\|\||\?\?)?=(?![=>])|\+\+|--)/gu,
  ))
    changes.add(name!);
  for (const [, name] of words.matchAll(
    /(?<![\p{L}\p{N}_$.])([\p{L}_$][\p{L}\p{N}_$]*)(?:\.[\p{L}_$][\p{L}\p{N}_$]*|\[[^\]]*\])+\s*(?:\(|[-+*/]?=(?![=>]))/gu,
  ))
    changes.add(name!);
  for (const name of declares) changes.delete(name);
  return { declares: [...declares], changes: [...changes] };
}

function addNames(into: Set<string>, list: string): void {
  for (const part of list.split(/[,{}[\]]/)) {
    const name = part
      .split(/\bas\b|:/)
      .at(-1)!
      .replace(/\*|\.\.\./g, "")
      .trim();
    if (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name)) into.add(name);
  }
}
