// Notebook text → notebook, checked once here so that the rest may trust its shape. Knows no file.
import { type Cell, type Notebook, NotebookError, originalText } from "./nbformat.ts";

export interface ReadNotebookOptions {
  /** How errors call it, a path for instance. Default "notebook". */
  readonly name?: string;
}

/** @throws NotebookError no JSON, no notebook, or another major version of nbformat than 4 */
export function readNotebook(text: string, { name = "notebook" }: ReadNotebookOptions = {}): Notebook {
  const value = parse(text, name);
  const complain = (found: string, expected: string): NotebookError =>
    new NotebookError(`Cannot read ${name}: found ${found}, expected ${expected}`);
  if (!isObject(value)) throw complain(`JSON that is ${kindOf(value)}`, "a notebook");
  const { nbformat, nbformat_minor: minor, metadata, cells } = value;
  if (nbformat === undefined) throw complain("JSON without nbformat", "a notebook");
  if (nbformat !== 4) throw complain(`nbformat ${JSON.stringify(nbformat)}`, "nbformat 4");
  if (!Number.isInteger(minor)) throw complain(`nbformat_minor ${JSON.stringify(minor)}`, "a whole number");
  if (!isObject(metadata)) throw complain(`metadata that is ${kindOf(metadata)}`, "an object");
  if (!Array.isArray(cells)) throw complain(`cells that are ${kindOf(cells)}`, "a list");
  for (const [i, cell] of cells.entries()) {
    const problem = problemOf(cell);
    if (problem) throw complain(`cell ${i + 1} ${problem[0]}`, problem[1]);
  }
  return Object.assign(value as unknown as Notebook, { [originalText]: text });
}

/**
 * Bytes of a file → notebook.
 *
 * @throws NotebookError as readNotebook, or the bytes are no UTF-8
 */
export function readNotebookBytes(bytes: Uint8Array, options: ReadNotebookOptions = {}): Notebook {
  const { name = "notebook" } = options;
  try {
    return readNotebook(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), options);
  } catch (cause) {
    if (cause instanceof NotebookError) throw cause;
    throw new NotebookError(`Cannot read ${name}: found bytes that are no UTF-8 text, expected a notebook`, { cause });
  }
}

const languages = new Set(["typescript", "ts", "javascript", "js"]);

/**
 * Refuses a notebook written in a language our kernels do not run. One that names no language is taken as ours.
 *
 * @throws NotebookError
 */
export function requireLanguage(notebook: Notebook, { name = "notebook" }: ReadNotebookOptions = {}): void {
  const { language_info: info, kernelspec: spec } = notebook.metadata as Record<string, Record<string, unknown>>;
  const found = info?.["name"] ?? spec?.["language"];
  if (typeof found !== "string" || languages.has(found.toLowerCase())) return;
  throw new NotebookError(`Cannot run ${name}: found a notebook in ${found}, expected typescript`);
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw new NotebookError(`Cannot read ${name}: found ${describe(text, cause)}, expected a notebook`, { cause });
  }
}

function describe(text: string, cause: unknown): string {
  if (text.trim() === "") return "an empty file";
  if (/^<{7} /m.test(text) && /^>{7} /m.test(text)) return "unresolved merge conflicts";
  const [, position] = /position (\d+)/.exec((cause as Error).message) ?? [];
  const at = position === undefined ? text.length : Number(position);
  const before = text.slice(0, at).split("\n");
  return `text that is no JSON (line ${before.length}, column ${before.at(-1)!.length + 1})`;
}

/** What is wrong with a cell: found and expected. */
function problemOf(cell: unknown): readonly [string, string] | undefined {
  if (!isObject(cell)) return [`that is ${kindOf(cell)}`, "an object"];
  const { cell_type: type, source, metadata, outputs, id } = cell as unknown as Cell & { outputs: unknown };
  if (type !== "code" && type !== "markdown" && type !== "raw")
    return [`of type ${JSON.stringify(type)}`, "code, markdown or raw"];
  if (!isText(source)) return [`with a source that is ${kindOf(source)}`, "text or a list of lines"];
  if (!isObject(metadata)) return [`with metadata that is ${kindOf(metadata)}`, "an object"];
  if (id !== undefined && typeof id !== "string") return [`with an id that is ${kindOf(id)}`, "text"];
  if (type === "code" && !Array.isArray(outputs)) return [`with outputs that are ${kindOf(outputs)}`, "a list"];
  return undefined;
}

function isText(value: unknown): boolean {
  return typeof value === "string" || (Array.isArray(value) && value.every((line) => typeof line === "string"));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
