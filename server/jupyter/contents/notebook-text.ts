// A notebook between its file and the browser: texts in one string there, in lines here. Saving what was opened unchanged gives
// the same bytes; of a changed one, what did not change keeps every character.
import { joinLines, splitLines } from "../../../kernel/notebook/joined-lines.ts";
import type { Notebook } from "../../../kernel/notebook/nbformat.ts";
import { originalText } from "../../../kernel/notebook/nbformat.ts";
import { readNotebook, readNotebookBytes } from "../../../kernel/notebook/read-notebook.ts";
import { writeNotebook } from "../../../kernel/notebook/write-notebook.ts";

/** @throws NotebookError the bytes are no notebook of nbformat 4 */
export function notebookForBrowser(bytes: Uint8Array, name: string): Notebook {
  return joinLines(readNotebookBytes(bytes, { name }));
}

/**
 * The text to save.
 *
 * @param content what the browser sent
 * @param before what the file holds now, if it holds anything
 * @throws NotebookError the content is no notebook of nbformat 4
 */
export function notebookText(content: unknown, name: string, before?: Uint8Array): string {
  const sent = readNotebook(JSON.stringify(content ?? null), { name });
  const old = before && readable(before);
  const { [originalText]: _, ...notebook } = splitLines(withoutTransient(sent), old);
  const sorted = sortKeys(notebook) as Notebook;
  return writeNotebook(old ? { ...sorted, [originalText]: old[originalText]! } : sorted);
}

/** What was there may be broken: it is then written anew. */
function readable(bytes: Uint8Array): Notebook | undefined {
  try {
    return readNotebookBytes(bytes);
  } catch {
    return undefined;
  }
}

/** Whether a cell is trusted is the browser's matter, never the file's. */
function withoutTransient(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell) => {
    const { trusted: _, ...metadata } = cell.metadata;
    return { ...cell, metadata };
  });
  return { ...notebook, cells };
}

/** As Jupyter writes what is new. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]));
}
