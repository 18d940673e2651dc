// Why a notebook gives no build, before anything is bundled: in words that name the cell, and the chain that needs it.
import type { Analysis, NotebookExport } from "../../kernel/notebook/scope/analysis.ts";
import type { ParsedCell } from "../../kernel/notebook/scope/parse-cell.ts";
import { BuildError, cellName } from "./build-error.ts";

/** Something is needed, by something that is needed, and so on up to the export. */
export interface Reason {
  /** What is needed: a name. */
  readonly name: string;
  readonly cell: number;
  readonly by: Reason | undefined;
}

/**
 * The last export of a name.
 *
 * @throws BuildError there is none, or its cell does not parse
 */
export function requireExport({ exports, cells }: Analysis, name: string): NotebookExport {
  const found = exports.findLast((one) => one.name === name);
  const broken = cells.findLast(
    ({ problem, code }) =>
      problem?.declares.includes(name) && new RegExp(`export[^;]*\\b${escaped(name)}\\b`).test(code),
  );
  if (broken && (!found || cells.indexOf(broken) > found.statement.cell)) {
    throw brokenCell(broken, undefined, name, cells);
  }
  if (found) return found;
  const names = [...new Set(exports.map((one) => one.name))];
  const there = names.length > 0 ? `it exports ${names.join(", ")}` : "it exports nothing";
  throw new BuildError(`Cannot build ${name}: the notebook has no such export, ${there}`);
}

export function brokenCell(
  { cell, problem }: ParsedCell,
  reason: Reason | undefined,
  exported: string,
  cells: readonly ParsedCell[],
): BuildError {
  const needed = reason ? `; it is needed: ${chain(reason, cells)}` : "";
  const { message, line } = problem!;
  return new BuildError(
    `Cannot build ${exported}: ${cellName(cell)}, line ${line} does not parse: ${message}${needed}`,
    {
      cell: cell.id,
      line,
    },
  );
}

export function neverTagged(index: number, reason: Reason, exported: string, cells: readonly ParsedCell[]): BuildError {
  const { cell } = cells[index]!;
  return new BuildError(
    `Cannot build ${exported}: ${cellName(cell)} is tagged \`never\`, but it declares \`${reason.name}\`, which is needed: ${chain(reason, cells)}`,
    { cell: cell.id },
  );
}

export function undeclaredName(name: string, by: Reason, exported: string, cells: readonly ParsedCell[]): BuildError {
  const mentioned = new RegExp(`(?<![\\p{L}\\p{N}_$])${escaped(name)}(?![\\p{L}\\p{N}_$])`, "u");
  const broken = cells.filter(({ cell, problem }) => problem && mentioned.test(cell.source));
  const which = broken.map(({ cell }) => cellName(cell)).join(", ");
  const hint = which ? `; ${which} mentions it but does not parse` : "";
  return new BuildError(
    `Cannot build ${exported}: found \`${name}\` declared nowhere, expected a cell or an import that declares it; needed by ${chain(by, cells)} → ${name}${hint}`,
    { cell: cells[by.cell]!.cell.id },
  );
}

/** `explain (cell 7) → model (cell 4) → rows (cell 2)`. */
export function chain(reason: Reason | undefined, cells: readonly ParsedCell[]): string {
  const links: string[] = [];
  for (let at = reason; at; at = at.by) {
    const link = `${at.name} (cell ${cells[at.cell]!.cell.position})`;
    if (links[0] !== link) links.unshift(link);
  }
  return links.join(" → ");
}

function escaped(name: string): string {
  return name.replace(/\$/g, "\\$");
}
