// What a run has to do that goes on where an earlier one stopped. A fresh kernel has no variables: of the cells that ran, those
// are run again that later ones need, by the cell graph; what the rest showed stays. Pure.
import { cellGraph } from "../notebook/cell-graph.ts";
import { isCode, type Notebook, NotebookError, type Output } from "../notebook/nbformat.ts";
import { type PlannedCell, planRun } from "./plan-run.ts";

export interface ResumePlan {
  /** Positions of the cells that ran before and are left as they were. */
  readonly kept: ReadonlySet<number>;
  /** Positions of those that ran before and run again, because a later cell needs them. */
  readonly again: ReadonlySet<number>;
}

export interface ResumeOptions {
  /** As the earlier run left it. */
  readonly earlier: Notebook;
  /** Id or position of the first cell to run, at the latest the one that has not run. Default that one. */
  readonly from?: string;
  /** How errors call the notebook. */
  readonly name?: string;
}

/**
 * @param notebook with its parameters injected
 * @throws NotebookError no such cell, or one before it has not run
 */
export function planResume(notebook: Notebook, { earlier, from, name = "notebook" }: ResumeOptions): ResumePlan {
  const plan = planRun(notebook);
  const done = ranBefore(plan, earlier);
  const first = from === undefined ? done : placeOf(plan, from, name);
  if (first > done) {
    const missing = plan[done]!;
    const found = `found that cell ${missing.position} (${missing.id}) has not run as it is now`;
    throw new NotebookError(
      `Cannot go on from cell ${from} of ${name}: ${found}, expected that cell or an earlier one`,
    );
  }
  const again = neededAgain(plan, first);
  const positions = plan.slice(0, first).map(({ position }) => position);
  return { kept: new Set(positions.filter((position) => !again.has(position))), again };
}

/** How many cells from the top ran through and are the same still. */
function ranBefore(plan: readonly PlannedCell[], earlier: Notebook): number {
  const before = planRun(earlier);
  const ranThrough = ({ code, mayFail }: PlannedCell, i: number): boolean => {
    const old = before[i];
    const cell = old && earlier.cells[old.index]!;
    if (old?.code !== code || !cell || !isCode(cell) || cell.execution_count === null) return false;
    return mayFail || !cell.outputs.some(isError);
  };
  const first = plan.findIndex((cell, i) => !ranThrough(cell, i));
  return first < 0 ? plan.length : first;
}

function isError({ output_type: type }: Output): boolean {
  return type === "error";
}

function placeOf(plan: readonly PlannedCell[], from: string, name: string): number {
  const byId = plan.findIndex(({ id }) => id === from);
  const place = byId < 0 ? plan.findIndex(({ position }) => String(position) === from) : byId;
  if (place >= 0) return place;
  const expected = `expected a cell's id or a number from 1 to ${plan.length}`;
  throw new NotebookError(`Cannot go on from cell ${from} of ${name}: found no such cell that runs, ${expected}`);
}

/** Positions of the cells before `first` whose names, types or changes one of those to be run mentions, and so on from there. */
function neededAgain(plan: readonly PlannedCell[], first: number): ReadonlySet<number> {
  const nodes = cellGraph(plan.map(({ id, position, code }) => ({ id, position, source: code, tags: [] })));
  const gives = plan.map(({ code }, i) => new Set([...nodes[i]!.declares, ...nodes[i]!.changes, ...typesIn(code)]));
  const again = new Set<number>();
  const mentioned = new Set<string>();
  const run = (i: number): void => {
    for (const word of [...wordsIn(plan[i]!.code), ...nodes[i]!.changes]) mentioned.add(word);
  };
  for (let i = first; i < plan.length; i++) run(i);
  for (let grown = first < plan.length; grown; ) {
    grown = false;
    for (const [i, { position, code }] of plan.slice(0, first).entries()) {
      const isNeeded =
        reachesOut(code) || nodes[i]!.problem !== undefined || [...gives[i]!].some((name) => mentioned.has(name));
      if (again.has(position) || !isNeeded) continue;
      again.add(position);
      run(i);
      grown = true;
    }
  }
  return again;
}

/** More than what it uses, never less: a type or a member of that name counts too. */
function wordsIn(code: string): string[] {
  return code.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? [];
}

/** The graph knows values; cells are checked against types too. */
function typesIn(code: string): string[] {
  return [...code.matchAll(/\b(?:interface|type)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu)].map(([, name]) => name!);
}

/** It sets something in the kernel that has no name in the notebook. */
function reachesOut(code: string): boolean {
  return /\b(globalThis|global|process|prototype)\b|^\s*import\s*["']/m.test(code);
}
