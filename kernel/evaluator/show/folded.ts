// Text too long to read at once as HTML: what it is and how much, its first lines, and the rest folded away.
import { types } from "node:util";
import { counted, escapeHtml } from "./escape.ts";

const longestLines = 40;
const inSight = 12;

/** Undefined for text that is short enough as it is. */
export function foldedHtml(value: unknown, text: string): string | undefined {
  if (typeof value !== "object" || value === null || types.isProxy(value) || value instanceof Error) return undefined;
  const lines = text.split("\n");
  if (lines.length <= longestLines) return undefined;
  const first = lines.slice(0, inSight).join("\n");
  const rest = lines.slice(inSight).join("\n");
  return [
    `<p>${escapeHtml(sizeOf(value))}</p>`,
    `<pre>${escapeHtml(first)}</pre>`,
    `<details><summary>${counted(lines.length - inSight, "more line")}</summary><pre>${escapeHtml(rest)}</pre></details>`,
  ].join("");
}

function sizeOf(value: object): string {
  const name = value.constructor?.name || "Object";
  if (Array.isArray(value)) return `${name}: ${counted(value.length, "element")}`;
  if (value instanceof Map) return `${name}: ${counted(value.size, "entry", "entries")}`;
  if (value instanceof Set) return `${name}: ${counted(value.size, "element")}`;
  if (ArrayBuffer.isView(value)) return `${name}: ${counted(value.byteLength, "byte")}`;
  return `${name}: ${counted(Object.keys(value).length, "key")}`;
}
