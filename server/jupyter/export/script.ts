// A notebook as one TypeScript file: code as it is, prose as comments, a line before each cell that editors take for its border.
import { isCode, type Notebook, sourceOf } from "../../../kernel/notebook/nbformat.ts";

export function notebookToScript({ cells }: Notebook): string {
  const parts = cells.map((cell) => {
    const source = sourceOf(cell).trimEnd();
    return isCode(cell) ? `// %%\n${source}\n` : `// %% [markdown]\n${commented(source)}\n`;
  });
  return parts.join("\n");
}

function commented(text: string): string {
  return text
    .split("\n")
    .map((line) => `// ${line}`.trimEnd())
    .join("\n");
}
