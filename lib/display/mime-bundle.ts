// What a shown value is: one object by MIME type, richest reader wins, text always there.

/** MIME type → content; JSON types hold plain data. */
export type MimeBundle = { readonly [mime: string]: unknown };

/** Under this symbol a value's method returns its bundle; the kernel calls it for the last expression of a cell. */
export const displaySymbol: unique symbol = Symbol.for("Jupyter.display") as never;

/** A value that says how it looks. */
export interface Displayable {
  [displaySymbol](): MimeBundle;
}

/** A value that looks as the bundle says and prints as its text. */
export function displayable(bundle: MimeBundle): Displayable {
  return {
    [displaySymbol]: () => bundle,
    toString: () => String(bundle["text/plain"] ?? ""),
  } as Displayable;
}

/** The bundle of any value: what it says itself, else its text. */
export function bundleOf(value: unknown): MimeBundle | Promise<MimeBundle> {
  const own = (value as { [displaySymbol]?: unknown } | null | undefined)?.[displaySymbol];
  if (typeof own !== "function") return { "text/plain": typeof value === "string" ? value : plainText(value) };
  return (own as () => MimeBundle | Promise<MimeBundle>).call(value);
}

function plainText(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  const text = Object.hasOwn(value, "toString") ? String(value) : undefined;
  return text ?? JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? String(inner) : inner), 2);
}
