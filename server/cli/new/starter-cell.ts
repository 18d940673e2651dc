// Cells of a starter notebook as they are written here, and the notebook they make.
import { type Cell, linesOf, type Notebook } from "../../../kernel/notebook/nbformat.ts";

export interface StarterCell {
  readonly id: string;
  readonly source: string;
  readonly markdown?: true;
  readonly tags?: readonly string[];
}

export function toNotebook(cells: readonly StarterCell[]): Notebook {
  return {
    cells: cells.map(toCell),
    metadata: {
      kernelspec: { display_name: "TypeScript (Cellwright)", language: "typescript", name: "cellwright" },
      language_info: { name: "typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

function toCell({ id, source, markdown, tags }: StarterCell): Cell {
  const metadata = tags ? { tags: [...tags] } : {};
  if (markdown) return { cell_type: "markdown", id, metadata, source: linesOf(source) };
  return { cell_type: "code", execution_count: null, id, metadata, outputs: [], source: linesOf(source) };
}
