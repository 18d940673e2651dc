// A run's own values for a notebook's knobs, as papermill has it: a cell tagged `injected-parameters` right after the one
// tagged `parameters`, replaced on the next run. Values are declared anew, with the keyword they have there: both kernels
// let a later cell declare a name again, and neither lets a `const` be assigned.
import { type DeclaredVariable, declaredVariables } from "./declared-variables.ts";
import {
  type Cell,
  type CodeCell,
  hasIds,
  hasTag,
  isCode,
  keepsLines,
  linesOf,
  type Notebook,
  NotebookError,
  sourceOf,
} from "./nbformat.ts";

export type Parameters = Readonly<Record<string, unknown>>;

const tag = "parameters";
const injectedTag = "injected-parameters";

/**
 * The notebook with the values injected; itself when there are none.
 *
 * @param parameters JSON values by name
 * @throws NotebookError a name that the parameters cell does not declare
 */
export function injectParameters(notebook: Notebook, parameters: Parameters, { name = "notebook" } = {}): Notebook {
  const names = Object.keys(parameters);
  if (names.length === 0) return notebook;
  const declared = readParameters(notebook, { name });
  const unknown = names.find((found) => !declared.some((variable) => variable.name === found));
  if (unknown !== undefined)
    throw new NotebookError(`Cannot set parameter ${JSON.stringify(unknown)} of ${name}: ${expectation(declared)}`);
  const code = names.map((key) => declare(declared.findLast((variable) => variable.name === key)!, parameters[key]));
  const old = notebook.cells.find((cell) => hasTag(cell, injectedTag));
  const cell = injectedCell(notebook, ["// Parameters", ...code].join("\n"), old);
  const cells = notebook.cells.filter((found) => found !== old);
  const at = cells.findIndex(isParametersCell) + 1;
  return { ...notebook, cells: [...cells.slice(0, at), cell, ...cells.slice(at)] };
}

/**
 * What a notebook lets a run set; nothing when no cell is tagged `parameters`.
 *
 * @throws NotebookError the parameters cell is no TypeScript
 */
export function readParameters({ cells }: Notebook, { name = "notebook" } = {}): DeclaredVariable[] {
  const cell = cells.find(isParametersCell);
  if (!cell) return [];
  try {
    return declaredVariables(sourceOf(cell));
  } catch (cause) {
    const { message } = cause as Error;
    throw new NotebookError(`Cannot read the parameters cell of ${name}: ${message}`, { cause });
  }
}

/** A value as the command line gives it: JSON, else the text itself. */
export function parameterValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isParametersCell(cell: Cell): cell is CodeCell {
  return isCode(cell) && hasTag(cell, tag);
}

function expectation(declared: readonly DeclaredVariable[]): string {
  if (declared.length === 0) return "found no cell tagged parameters that declares variables, expected one";
  const names = [...new Set(declared.map(({ name }) => name))];
  return `found no such variable in its parameters cell, expected ${names.join(", ")}`;
}

/** A constant's literal would be its type (`"fast"`), and tslab then refuses `mode === "slow"`: the type is written wider. */
function declare({ name, keyword, type }: DeclaredVariable, value: unknown): string {
  const wide = keyword === "const" && value !== null && typeof value !== "object" ? typeof value : undefined;
  const annotation = type ?? wide;
  return `${keyword} ${name}${annotation ? `: ${annotation}` : ""} = ${toCode(value)};`;
}

/** JSON is TypeScript, but for the key `__proto__`, which would set the prototype. */
function toCode(value: unknown): string {
  const short = JSON.stringify(value);
  if (short.includes('"__proto__"')) return `JSON.parse(${JSON.stringify(short)})`;
  return short.length > 90 && typeof value === "object" ? JSON.stringify(value, null, 2) : short;
}

function injectedCell(notebook: Notebook, code: string, old: Cell | undefined): CodeCell {
  const id = old?.id ?? freeId(notebook);
  return {
    cell_type: "code",
    execution_count: null,
    ...(hasIds(notebook) ? { id } : {}),
    metadata: old?.metadata ?? { tags: [injectedTag] },
    outputs: [],
    source: keepsLines(notebook) ? linesOf(code) : code,
  };
}

function freeId({ cells }: Notebook): string {
  const taken = new Set(cells.map(({ id }) => id));
  for (let i = 1; ; i++) {
    const id = i === 1 ? injectedTag : `${injectedTag}-${i}`;
    if (!taken.has(id)) return id;
  }
}
