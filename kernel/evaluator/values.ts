// Values to what a notebook shows: the bundle a value makes of itself, else a picture, a table, or its text, folded where it is long.
import { boundedText } from "./show/bounded-text.ts";
import { foldedHtml } from "./show/folded.ts";
import { pictureOf } from "./show/image.ts";
import { rowsOf } from "./show/rows.ts";
import { tableHtml, tableText } from "./show/table.ts";

/** Data by MIME type. */
export type MimeBundle = Record<string, unknown>;

const displaySymbol = Symbol.for("Jupyter.display");

/** The value's own `Symbol.for("Jupyter.display")`, which may answer later, else text/plain and what is better than text. */
export function toBundle(value: unknown): MimeBundle | Promise<MimeBundle> {
  const show = displayMethodOf(value);
  if (!show) return formsOf(value);
  const made: unknown = show.call(value);
  return isThenable(made) ? Promise.resolve(made).then((late) => requireBundle(late)) : requireBundle(made);
}

function formsOf(value: unknown): MimeBundle {
  const picture = pictureOf(value);
  if (picture) return { [picture.mime]: picture.data, "text/plain": picture.text };
  const table = tableForms(value);
  if (table) return table;
  const text = inspectValue(value);
  const html = foldedHtml(value, text);
  return html === undefined ? { "text/plain": text } : { "text/html": html, "text/plain": text };
}

/** Undefined too for what only looks like a table, and throws when asked for its rows: it has a text. */
function tableForms(value: unknown): MimeBundle | undefined {
  try {
    const rows = rowsOf(value);
    if (!rows) return undefined;
    const text = Array.isArray(value) ? inspectValue(value) : tableText(rows);
    return { "text/html": tableHtml(rows), "text/plain": text };
  } catch {
    return undefined;
  }
}

/** util.inspect within limits: a million rows are no reason to send them all. */
export function inspectValue(value: unknown): string {
  return withoutAsyncIds(boundedText(value));
}

/** Node's async hooks leave ids on promises, and util.inspect lists them. */
export function withoutAsyncIds(text: string): string {
  if (!text.includes("[Symbol(async_id_symbol)]")) return text;
  const ids = /,\s+\[Symbol\((?:async_id_symbol|trigger_async_id_symbol)\)\]: \d+/g;
  return text.replaceAll(ids, "").replaceAll(/Promise \{\s+([^\n]*)\n\s*\}/g, "Promise { $1 }");
}

function displayMethodOf(value: unknown): (() => unknown) | undefined {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return undefined;
  const method: unknown = (value as Record<symbol, unknown>)[displaySymbol];
  return typeof method === "function" ? (method as () => unknown) : undefined;
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

function requireBundle(made: unknown): MimeBundle {
  if (typeof made === "object" && made !== null && !Array.isArray(made)) return made as MimeBundle;
  throw new TypeError(`Cannot show value: its Jupyter.display gave ${inspectValue(made)}, expected {mime type: data}`);
}
