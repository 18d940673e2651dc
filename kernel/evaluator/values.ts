// Values to what a notebook shows: the bundle a value makes of itself, else its text.
import { inspect } from "node:util";

/** Data by MIME type. */
export type MimeBundle = Record<string, unknown>;

const displaySymbol = Symbol.for("Jupyter.display");
const textLimit = 200_000;

/** The value's own `Symbol.for("Jupyter.display")`, which may answer later, else text/plain. */
export function toBundle(value: unknown): MimeBundle | Promise<MimeBundle> {
  const show = displayMethodOf(value);
  if (!show) return { "text/plain": inspectValue(value) };
  const made: unknown = show.call(value);
  return isThenable(made) ? Promise.resolve(made).then((late) => requireBundle(late)) : requireBundle(made);
}

/** util.inspect within limits: a million rows are no reason to send them all. */
export function inspectValue(value: unknown): string {
  const options = { depth: 4, maxArrayLength: 100, maxStringLength: 10_000, breakLength: 100 };
  const text = withoutAsyncIds(inspect(value, options));
  return text.length > textLimit ? `${text.slice(0, textLimit)}… ${text.length - textLimit} more characters` : text;
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
