// JSON text that is changed in places: what did not change keeps its very characters (spaces, escapes, 1.0, key order), what is
// new takes on the style of the rest. Knows no notebooks.

/** Says which element of the old array a value is the successor of, by equal keys; undefined: none but an equal one. */
export type KeyOf = (value: unknown) => string | undefined;

export interface JsonStyle {
  /** One level of indent; empty: all on one line. */
  readonly indent: string;
  readonly newline: string;
  readonly colon: string;
  /** Between two members on one line. */
  readonly comma: string;
  /** Characters beyond ASCII as \u escapes. */
  readonly ascii: boolean;
}

/** As Jupyter writes notebooks. */
export const jupyterStyle: JsonStyle = { indent: " ", newline: "\n", colon: ": ", comma: ", ", ascii: false };

/** @throws SyntaxError the old text is no JSON */
export function rewriteJson(text: string, value: unknown, keyOf: KeyOf = () => undefined): string {
  const root = parseJson(text);
  const style = styleOf(text, root);
  return text.slice(0, root.start) + rewrite(root, value, "") + text.slice(root.end);

  function rewrite(old: JsonNode | undefined, now: unknown, margin: string): string {
    if (!old) return formatJson(now, style, margin);
    if (sameAs(now, old)) return text.slice(old.start, old.end);
    if (old.members && isObject(now)) return rewriteObject(old, old.members, now, margin);
    if (old.elements && Array.isArray(now)) return rewriteArray(old, old.elements, now, margin);
    return formatJson(now, style, margin);
  }

  function rewriteObject(old: JsonNode, members: readonly Member[], now: JsonObject, margin: string): string {
    const keys = members.map(({ key }) => key);
    const inner = marginWithin(old, margin);
    const added = keysOf(now).filter((key) => !keys.includes(key));
    if (added.length === 0 && keys.every((key) => now[key] !== undefined))
      return spliced(
        old,
        members.map(({ node, key }) => [node, rewrite(node, now[key], inner)]),
      );
    const nodes = new Map(members.map(({ key, node }) => [key, node]));
    const kept = [...nodes.keys()].filter((key) => now[key] !== undefined);
    const entries = insertKeys(kept, added).map(
      (key) => formatKey(key, style) + rewrite(nodes.get(key), now[key], inner),
    );
    return wrap("{", entries, "}", layoutOf(old), margin);
  }

  function rewriteArray(old: JsonNode, elements: readonly JsonNode[], now: readonly unknown[], margin: string): string {
    const origins = align(elements, now, keyOf);
    const inner = marginWithin(old, margin);
    const texts = now.map((value, i) => rewrite(origins[i], value, inner));
    if (now.length === elements.length && elements.every((element, i) => origins[i] === element))
      return spliced(
        old,
        elements.map((element, i) => [element, texts[i]!]),
      );
    return wrap("[", texts, "]", layoutOf(old), margin);
  }

  function spliced(old: JsonNode, parts: readonly (readonly [JsonNode, string])[]): string {
    let result = "";
    let at = old.start;
    for (const [node, replacement] of parts) {
      result += text.slice(at, node.start) + replacement;
      at = node.end;
    }
    return result + text.slice(at, old.end);
  }

  /** A container written on one line stays on one line. */
  function layoutOf(old: JsonNode): JsonStyle {
    const children = childrenOf(old);
    const inline = children.length > 0 && !text.slice(old.start, children[0]!.start).includes("\n");
    return inline ? { ...style, indent: "" } : style;
  }

  function marginWithin(old: JsonNode, margin: string): string {
    return margin + layoutOf(old).indent;
  }
}

/**
 * @param path keys and indexes from the top
 * @returns the line on which that value begins, from 1; undefined where there is none
 * @throws SyntaxError the text is no JSON
 */
export function lineOfValue(text: string, path: readonly (string | number)[]): number | undefined {
  let node: JsonNode | undefined = parseJson(text);
  for (const step of path)
    node = typeof step === "number" ? node?.elements?.[step] : node?.members?.findLast(({ key }) => key === step)?.node;
  return node && text.slice(0, node.start).split("\n").length;
}

/** Text of a value in a style; `margin` stands before its lines but the first. */
export function formatJson(value: unknown, style: JsonStyle = jupyterStyle, margin = ""): string {
  const inner = margin + style.indent;
  if (Array.isArray(value))
    return wrap(
      "[",
      value.map((element) => formatJson(element, style, inner)),
      "]",
      style,
      margin,
    );
  if (isObject(value))
    return wrap(
      "{",
      keysOf(value).map((key) => formatKey(key, style) + formatJson(value[key], style, inner)),
      "}",
      style,
      margin,
    );
  return formatLeaf(value, style);
}

function wrap(open: string, parts: readonly string[], close: string, style: JsonStyle, margin: string): string {
  if (parts.length === 0) return open + close;
  if (style.indent === "") return open + parts.join(style.comma) + close;
  const { newline, indent } = style;
  return `${open}${newline}${parts.map((part) => margin + indent + part).join(`,${newline}`)}${newline}${margin}${close}`;
}

function formatKey(key: string, style: JsonStyle): string {
  return formatLeaf(key, style) + style.colon;
}

function formatLeaf(value: unknown, { ascii }: JsonStyle): string {
  const text = JSON.stringify(value) ?? "null";
  return ascii ? text.replace(/[\u007f-\uffff]/g, escaped) : text;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** New keys at their place where the old ones are sorted, else at the end. */
function insertKeys(kept: readonly string[], added: readonly string[]): string[] {
  const sorted = kept.every((key, i) => i === 0 || kept[i - 1]! <= key);
  const all = [...kept, ...added];
  return sorted && kept.length > 1 ? all.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)) : all;
}

/** For each value the old element it comes from: by key, else the next equal one; at equal length without keys, by place. */
function align(elements: readonly JsonNode[], values: readonly unknown[], keyOf: KeyOf): (JsonNode | undefined)[] {
  const keys = elements.map(({ value }) => keyOf(value));
  const keyed = keys.some((key) => key !== undefined);
  if (!keyed && elements.length === values.length) return [...elements];
  let next = 0;
  return values.map((value) => {
    const key = keyOf(value);
    const fits = (element: JsonNode, i: number) =>
      i >= next && (keyed ? key !== undefined && keys[i] === key : sameAs(value, element));
    const at = elements.findIndex(fits);
    if (at < 0) return undefined;
    next = at + 1;
    return elements[at];
  });
}

function styleOf(text: string, root: JsonNode): JsonStyle {
  const [, newline = "\n", indent = ""] = /^[{[](\r?\n)([ \t]+)/.exec(text.slice(root.start)) ?? [];
  const first = root.members?.[0];
  const colon = first ? text.slice(first.keyEnd, first.node.start) : jupyterStyle.colon;
  const [a, b] = root.members ?? [];
  const comma = a && b && indent === "" ? text.slice(a.node.end, b.keyStart) : jupyterStyle.comma;
  const ascii = !/[\u0080-\uffff]/.test(text) && /\\u(?!00[0-7])[0-9a-fA-F]{4}/.test(text);
  return { indent, newline, colon, comma, ascii };
}

type JsonObject = Record<string, unknown>;

interface JsonNode {
  readonly start: number;
  readonly end: number;
  readonly value: unknown;
  readonly members?: readonly Member[];
  readonly elements?: readonly JsonNode[];
}
interface Member {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly node: JsonNode;
}

/** JSON.parse checks the text; this walk, then sure of its ground, finds where each value stands. */
function parseJson(text: string): JsonNode {
  JSON.parse(text.replace(/^\uFEFF/, ""));
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  return node();

  function node(): JsonNode {
    skipSpace();
    const start = at;
    if (text[at] === "{") {
      const members = within("}", member);
      return { start, end: at, value: objectOf(members), members };
    }
    if (text[at] === "[") {
      const elements = within("]", node);
      return { start, end: at, value: elements.map(({ value }) => value), elements };
    }
    if (text[at] === '"') skipString();
    else while (at < text.length && !/[\s,\]}]/.test(text[at]!)) at++;
    return { start, end: at, value: JSON.parse(text.slice(start, at)) };
  }

  function within<T>(close: string, read: () => T): T[] {
    const found: T[] = [];
    at++;
    for (skipSpace(); text[at] !== close; skipSpace()) {
      if (text[at] === ",") at++;
      found.push(read());
    }
    at++;
    return found;
  }

  function member(): Member {
    skipSpace();
    const keyStart = at;
    skipString();
    const keyEnd = at;
    const key = JSON.parse(text.slice(keyStart, keyEnd)) as string;
    skipSpace();
    at++; // the colon
    return { key, keyStart, keyEnd, node: node() };
  }

  function skipString(): void {
    for (at++; text[at] !== '"'; at++) if (text[at] === "\\") at++;
    at++;
  }

  function skipSpace(): void {
    for (let code = text.charCodeAt(at); code === 32 || code === 10 || code === 13 || code === 9; )
      code = text.charCodeAt(++at);
  }
}

/** Of two members with one key the last counts; `__proto__` is a key as any other. */
function objectOf(members: readonly Member[]): JsonObject {
  return Object.fromEntries(members.map(({ key, node }) => [key, node.value]));
}

function childrenOf({ members, elements }: JsonNode): readonly JsonNode[] {
  return elements ?? members?.map(({ node }) => node) ?? [];
}

function sameAs(value: unknown, { value: old }: JsonNode): boolean {
  return equal(value, old);
}

function equal(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((element, i) => equal(element, b[i]));
  if (isObject(a) && isObject(b)) {
    const keys = keysOf(a);
    return keys.length === keysOf(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
  }
  return Object.is(a, b);
}

function keysOf(object: JsonObject): string[] {
  return Object.keys(object).filter((key) => object[key] !== undefined);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
