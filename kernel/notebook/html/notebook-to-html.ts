// A notebook as one HTML page to send to a colleague: prose, highlighted code, outputs with living plots, light and dark. Pure; the
// plotting script is handed in, as text for a file that stands alone or as an address for a page that a server shows.
import { type Cell, isCode, type Notebook, sourceOf } from "../nbformat.ts";
import { escapeHtml } from "./escape.ts";
import { highlight } from "./highlight.ts";
import { renderMarkdown } from "./markdown.ts";
import { outputHtml, plotlyMime } from "./output-html.ts";
import { pageScript, pageStyle } from "./page.ts";

export interface NotebookHtmlOptions {
  /** Default the notebook's first heading, else "Notebook". */
  readonly title?: string;
  /** plotly.js: its text, or where the page gets it. Left out, plots show as their sentence. */
  readonly plotly?: { readonly script: string } | { readonly src: string };
}

export function notebookToHtml(
  notebook: Notebook,
  { title = titleOf(notebook), plotly }: NotebookHtmlOptions = {},
): string {
  const cells = notebook.cells.map((cell) => cellHtml(cell, plotly !== undefined)).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
${cells}
</main>
${plotly && hasPlots(notebook) ? `${plotlyTag(plotly)}\n<script>${pageScript}</script>` : ""}
</body>
</html>
`;
}

function cellHtml(cell: Cell, plots: boolean): string {
  const id = cell.id === undefined ? "" : ` id="${escapeHtml(cell.id)}"`;
  const source = sourceOf(cell);
  if (cell.cell_type === "markdown") return `<section class="text"${id}>${renderMarkdown(source, cell)}</section>`;
  if (!isCode(cell)) return `<section class="raw"${id}><pre>${escapeHtml(source)}</pre></section>`;
  const count = cell.execution_count ?? " ";
  const code =
    source === "" ? "" : `<pre class="code" tabindex="0" data-count="${count}"><code>${highlight(source)}</code></pre>`;
  const outputs = cell.outputs.map((output) => outputHtml(output, plots)).join("");
  return `<section class="cell"${id}>${code}${outputs && `<div class="outputs">${outputs}</div>`}</section>`;
}

function titleOf({ cells }: Notebook): string {
  for (const cell of cells) {
    const heading = cell.cell_type === "markdown" ? /^#\s+(.+)$/m.exec(sourceOf(cell)) : null;
    if (heading) return heading[1]!.trim();
  }
  return "Notebook";
}

function hasPlots({ cells }: Notebook): boolean {
  return cells.some(
    (cell) => isCode(cell) && cell.outputs.some((output) => "data" in output && Object.hasOwn(output.data, plotlyMime)),
  );
}

/** A script's text may hold what looks like its own end. */
function plotlyTag(plotly: NonNullable<NotebookHtmlOptions["plotly"]>): string {
  if ("src" in plotly) return `<script src="${escapeHtml(plotly.src)}"></script>`;
  return `<script>${plotly.script.replaceAll("</script", "<\\/script")}</script>`;
}
