// A notebook as Markdown: prose as it is, code in fences, outputs as text, pictures in the text itself.
import { type Cell, isCode, type Notebook, type Output, sourceOf } from "../../../kernel/notebook/nbformat.ts";

export function notebookToMarkdown({ cells }: Notebook): string {
  return `${cells.map(cellText).filter(Boolean).join("\n\n")}\n`;
}

function cellText(cell: Cell): string {
  const source = sourceOf(cell).trimEnd();
  if (!isCode(cell)) return source;
  return [source && fenced(source, "typescript"), ...cell.outputs.map(outputText)].filter(Boolean).join("\n\n");
}

function outputText(output: Output): string {
  if (output.output_type === "stream") return fenced(joined(output.text));
  if (output.output_type === "error") return fenced(`${output.ename}: ${output.evalue}`);
  const { data } = output;
  if (data["text/markdown"] !== undefined) return joined(data["text/markdown"]);
  for (const type of ["image/png", "image/jpeg"])
    if (data[type] !== undefined) return `![](data:${type};base64,${joined(data[type]).replace(/\s/g, "")})`;
  return data["text/plain"] === undefined ? "" : fenced(joined(data["text/plain"]));
}

/** Longer than any row of backticks inside. */
function fenced(text: string, language = ""): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
}

function joined(text: unknown): string {
  return Array.isArray(text) ? text.join("") : String(text);
}
