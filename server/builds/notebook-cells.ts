// The cells of an .ipynb text as a build sees them: code cells with id, position and tags; the rest is no code.
import { hasTag, isCode, sourceOf } from "../../kernel/notebook/nbformat.ts";
import { readNotebook, requireLanguage } from "../../kernel/notebook/read-notebook.ts";
import type { CodeCell } from "../../kernel/notebook/scope/parse-cell.ts";
import { BuildError } from "./build-error.ts";

export interface NotebookCells {
  readonly code: readonly CodeCell[];
  /** Cells that are no code. */
  readonly others: readonly { readonly id: string; readonly position: number }[];
}

/** @throws BuildError no notebook, or one of another language */
export function notebookCells(text: string, name: string): NotebookCells {
  const code: CodeCell[] = [];
  const others: { id: string; position: number }[] = [];
  for (const [index, cell] of read(text, name).cells.entries()) {
    const position = index + 1;
    const id = cell.id ?? `#${position}`;
    if (!isCode(cell)) others.push({ id, position });
    else
      code.push({ id, position, source: sourceOf(cell), tags: ["always", "never"].filter((tag) => hasTag(cell, tag)) });
  }
  return { code, others };
}

function read(text: string, name: string): ReturnType<typeof readNotebook> {
  try {
    const notebook = readNotebook(text, { name });
    requireLanguage(notebook, { name });
    return notebook;
  } catch (cause) {
    throw new BuildError((cause as Error).message, { cause });
  }
}
