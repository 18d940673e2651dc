// Where a cell's line stands in its .ipynb file: what a code host can point at.
import { lineOfValue } from "../../../kernel/notebook/json-text.ts";
import { type Notebook, originalText, sourceOf } from "../../../kernel/notebook/nbformat.ts";

/**
 * @param cell its id where the notebook has ids, and its code
 * @param line of the code, from 1
 * @returns the line in the file, from 1; undefined for a cell that is not in it, such as injected parameters
 */
export function lineInFile(
  notebook: Notebook,
  { id, code }: { readonly id: string; readonly code: string },
  line: number,
): number | undefined {
  const text = notebook[originalText];
  const byId = notebook.cells.findIndex((cell) => cell.id === id);
  const index = byId < 0 ? notebook.cells.findIndex((cell) => sourceOf(cell) === code) : byId;
  if (text === undefined || index < 0) return undefined;
  const keepsLines = Array.isArray(notebook.cells[index]!.source);
  return lineOfValue(text, ["cells", index, "source", ...(keepsLines ? [line - 1] : [])]);
}
