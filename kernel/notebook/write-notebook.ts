// Notebook → text. One that was read keeps every character of what did not change: its cells are told apart by id, else by
// what they say.
import { formatJson, rewriteJson } from "./json-text.ts";
import { type Cell, type Notebook, originalText, sourceOf } from "./nbformat.ts";

export function writeNotebook(notebook: Notebook): string {
  const text = notebook[originalText];
  return text === undefined ? `${formatJson(notebook)}\n` : rewriteJson(text, notebook, keyOfCell);
}

function keyOfCell(value: unknown): string | undefined {
  const cell = value as Cell | null;
  if (typeof cell !== "object" || cell === null || !("cell_type" in cell)) return undefined;
  return cell.id ?? `${cell.cell_type}\n${sourceOf(cell)}`;
}
