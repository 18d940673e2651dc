// Which code cell declares, uses and changes what: the notebook's shared scope as people ask about it (`cellwright graph`), read
// off the text. What a build keeps goes by the same analysis (scope/analysis.ts).
import { type Analysis, analyzeCells, defaultName } from "./scope/analysis.ts";
import type { CodeCell } from "./scope/parse-cell.ts";
import { identifiersIn, nameOf } from "./scope/syntax.ts";
import { reach, same } from "./scope/values.ts";

export interface CellNode {
  readonly id: string;
  /** 1-based among all cells of the notebook. */
  readonly position: number;
  /** Names it declares for all cells, imports included. */
  readonly declares: readonly string[];
  /** Names of other cells that its code mentions. */
  readonly uses: readonly string[];
  /** Names of other cells that running it assigns, or whose objects it writes to. */
  readonly changes: readonly string[];
  readonly exports: readonly string[];
  readonly tags: readonly string[];
  /** Why it does not parse: `line 2: Unexpected token`. */
  readonly problem?: string;
}

/** The graph of a notebook's code cells, in order. */
export function cellGraph(cells: readonly CodeCell[]): CellNode[] {
  const analysis = analyzeCells(cells);
  return analysis.cells.map(({ cell, problem }, index) => {
    const declares = problem ? problem.declares : declaredBy(index, analysis);
    return {
      id: cell.id,
      position: cell.position,
      declares,
      uses: usedBy(index, analysis).filter((name) => !declares.includes(name)),
      changes: changedByCell(index, analysis).filter((name) => !declares.includes(name)),
      exports: analysis.exports.filter(({ statement }) => statement.cell === index).map(({ name }) => name),
      tags: cell.tags,
      ...(problem && { problem: `line ${problem.line}: ${problem.message}` }),
    };
  });
}

function declaredBy(index: number, { statements }: Analysis): string[] {
  const own = statements.filter(({ cell }) => cell === index);
  return unique(own.flatMap(({ declares }) => declares.map(({ name }) => name))).filter((name) => name !== defaultName);
}

function usedBy(index: number, { statements, world }: Analysis): string[] {
  const own = statements.filter(({ cell }) => cell === index);
  const free = own.flatMap(({ node }) => identifiersIn(node)).filter((node) => !world.locals.has(node));
  return unique(free.map(nameOf)).filter((name) => world.versions.has(name));
}

function changedByCell(index: number, { cells, statements, world }: Analysis): string[] {
  const own = statements.filter(({ cell }) => cell === index);
  const assigned = own.flatMap(({ effects }) => [...effects.assigns].map(({ name }) => name));
  const things = new Set(own.flatMap(({ effects }) => [...effects.changes]));
  const written = [...world.versions.values()]
    .flat()
    .filter(({ slot }) => [...reach(same(slot))].some((one) => things.has(one)));
  const guessed = (cells[index]!.problem?.changes ?? []).filter((name) => world.versions.has(name));
  return unique([...assigned, ...written.map(({ name }) => name), ...guessed]);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
