// Hand-written HTML, Markdown and SVG as values that show: functions of a text, and tags of a template.
import { bundleOf, type Displayable, displayable, type MimeBundle } from "./mime-bundle.ts";

/**
 * HTML as it is; text around it must be escaped by the caller (`escapeHtml`). As a tag it escapes for you: in
 * html`<b>${name}</b>` values become text, other HTML stays HTML, and lists are put together.
 */
export function html(source: string | TemplateStringsArray, ...values: unknown[]): Displayable {
  const text = typeof source === "string" ? source : filled(source, values, htmlOf);
  return displayable({ "text/html": text, "text/plain": wordsOf(text) });
}

/** Markdown, with formulas between dollar signs; also as a tag: markdown`**${n}** rows`. */
export function markdown(source: string | TemplateStringsArray, ...values: unknown[]): Displayable {
  const text = typeof source === "string" ? source : filled(source, values, String);
  return displayable({ "text/markdown": text, "text/plain": text });
}

/** The short name of `markdown`: md`**bold**`. */
export const md: typeof markdown = markdown;

/** A drawing; as a tag, svg`<circle r="${r}"/>`, it escapes as `html` does. What has no svg element around it gets one. */
export function svg(source: string | TemplateStringsArray, ...values: unknown[]): Displayable {
  const text = typeof source === "string" ? source : filled(source, values, htmlOf);
  const whole = /^\s*(<\?xml|<!|<svg[\s>])/.test(text) ? text : `<svg xmlns="http://www.w3.org/2000/svg">${text}</svg>`;
  return displayable({ "image/svg+xml": whole, "text/plain": wordsOf(whole) || "SVG drawing" });
}

function filled(strings: TemplateStringsArray, values: readonly unknown[], text: (value: unknown) => string): string {
  return strings.reduce((made, string, i) => made + text(values[i - 1]) + string);
}

function htmlOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(htmlOf).join("");
  const bundle = typeof value === "object" && value !== null ? bundleOf(value) : {};
  const inner = "text/html" in bundle ? bundle["text/html"] : (bundle as MimeBundle)["image/svg+xml"];
  return typeof inner === "string" ? inner : escapeHtml(String(value ?? ""));
}

function wordsOf(source: string): string {
  const text = source
    .replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return unescaped(text);
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
