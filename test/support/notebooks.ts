// Notebooks for tests, made of a few lines.
import { linesOf } from "../../kernel/notebook/nbformat.ts";

export interface TestCell {
  readonly id: string;
  readonly source: string;
  readonly tags?: readonly string[];
  readonly markdown?: boolean;
}

/** The text of a notebook file, as Jupyter writes it. */
export function notebookText(cells: readonly TestCell[], { language = "typescript" } = {}): string {
  const notebook = {
    cells: cells.map(({ id, source, tags, markdown = false }) => ({
      cell_type: markdown ? "markdown" : "code",
      ...(!markdown && { execution_count: null }),
      id,
      metadata: tags ? { tags } : {},
      ...(!markdown && { outputs: [] }),
      source: linesOf(source),
    })),
    metadata: { kernelspec: { display_name: "TypeScript", language, name: "cellwright" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(notebook, null, 1)}\n`;
}
