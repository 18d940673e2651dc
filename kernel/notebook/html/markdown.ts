// Markdown cells: HTML inside them stays text, pictures attached to the cell come along.
import markdownIt from "markdown-it";
import type { Cell, OutputData } from "../nbformat.ts";
import { escapeHtml } from "./escape.ts";
import { highlight } from "./highlight.ts";

const typed = /^(ts|tsx|typescript|js|javascript)$/;
const markdown = markdownIt({
  linkify: true,
  highlight: (code, language) => (typed.test(language) ? highlight(code) : escapeHtml(code)),
});
const isLink = markdown.validateLink;
markdown.validateLink = (url) => isLink(url) || /^attachment:/.test(url);

export function renderMarkdown(text: string, cell?: Cell): string {
  const attachments = (cell && "attachments" in cell ? cell.attachments : undefined) as
    | Record<string, OutputData>
    | undefined;
  return markdown.render(text).replace(/(<img src=")attachment:([^"]*)"/g, (whole, start: string, name: string) => {
    const [mime, data] = Object.entries(attachments?.[decodeURIComponent(name)] ?? {})[0] ?? [];
    return mime === undefined ? whole : `${start}data:${escapeHtml(mime)};base64,${escapeHtml(String(data))}"`;
  });
}
