// Hand-written HTML and Markdown as values that show.
import { type Displayable, displayable } from "./mime-bundle.ts";

/** HTML as it is; text around it must be escaped by the caller (`escapeHtml`). */
export function html(source: string): Displayable {
  const text = source
    .replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return displayable({ "text/html": source, "text/plain": unescaped(text) });
}

/** Markdown, with formulas between dollar signs. */
export function markdown(source: string): Displayable {
  return displayable({ "text/markdown": source, "text/plain": source });
}

/** Text made safe inside HTML, also in attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => entities[char]!);
}

const entities: { readonly [char: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function unescaped(text: string): string {
  const chars = Object.entries(entities);
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => chars.find(([, code]) => code === entity)![0]);
}
