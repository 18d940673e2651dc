// One output of a cell: the richest of its forms that a page without a kernel can show.
import { type MultilineText, type Output, type OutputData, textOf } from "../nbformat.ts";
import { ansiToHtml } from "./ansi.ts";
import { escapeHtml } from "./escape.ts";
import { renderMarkdown } from "./markdown.ts";

export const plotlyMime = "application/vnd.plotly.v1+json";

export function outputHtml(output: Output, plots: boolean): string {
  switch (output.output_type) {
    case "stream":
      return `<pre class="stream ${output.name === "stderr" ? "stderr" : "stdout"}">${ansiToHtml(textOf(output.text))}</pre>`;
    case "error": {
      const trace = output.traceback.length > 0 ? output.traceback.join("\n") : `${output.ename}: ${output.evalue}`;
      return `<pre class="error">${ansiToHtml(trace)}</pre>`;
    }
    default:
      return dataHtml(output.data, plots);
  }
}

/** MIME types by falling richness, each with its HTML. */
const forms: readonly [mime: string | RegExp, html: (content: unknown, mime: string) => string][] = [
  ["text/html", (content) => `<div class="html">${text(content)}</div>`],
  ["image/svg+xml", (content) => image("image/svg+xml", Buffer.from(text(content)).toString("base64"))],
  [/^image\/(png|jpeg|gif|webp)$/, (content, mime) => image(mime, text(content).replace(/\s/g, ""))],
  ["text/markdown", (content) => `<div class="text">${renderMarkdown(text(content))}</div>`],
  ["text/latex", (content) => plain(text(content))],
  ["application/json", (content) => plain(JSON.stringify(content, null, 2))],
  ["text/plain", (content) => plain(text(content))],
];

function dataHtml(data: OutputData, plots: boolean): string {
  if (plots && Object.hasOwn(data, plotlyMime)) return plotHtml(data[plotlyMime], textIn(data));
  for (const [wanted, html] of forms) {
    const mime = Object.keys(data).find((name) => (typeof wanted === "string" ? name === wanted : wanted.test(name)));
    if (mime !== undefined) return html(data[mime], mime);
  }
  const names = Object.keys(data).join(", ");
  return names ? `<p class="unknown">An output that this page cannot show: ${escapeHtml(names)}</p>` : "";
}

/** Drawn by the page's script when it comes into sight; until then it holds its place. */
function plotHtml(figure: unknown, words: string): string {
  const { layout } = figure as { layout?: { height?: number } };
  const height = Number(layout?.height ?? 360);
  const json = JSON.stringify(figure).replaceAll("<", "\\u003c");
  return `<figure class="plot" role="img" aria-label="${escapeHtml(words)}" style="min-height:${height}px"><script type="application/json">${json}</script></figure>`;
}

function textIn(data: OutputData): string {
  return "text/plain" in data ? text(data["text/plain"]) : "Plot";
}

function image(mime: string, base64: string): string {
  return `<img alt="" src="data:${mime};base64,${escapeHtml(base64)}">`;
}

function plain(content: string): string {
  return `<pre class="result">${ansiToHtml(content)}</pre>`;
}

function text(content: unknown): string {
  return typeof content === "string" || Array.isArray(content)
    ? textOf(content as MultilineText)
    : JSON.stringify(content, null, 2);
}
