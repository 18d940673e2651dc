// TypeScript with its words coloured: the class names are CodeMirror's (`tok-keyword`), the colours are the page's.
import { classHighlighter, highlightCode } from "@lezer/highlight";
import { parser } from "@lezer/javascript";
import { escapeHtml } from "./escape.ts";

const typescript = parser.configure({ dialect: "ts" });

export function highlight(code: string): string {
  const parts: string[] = [];
  const put = (text: string, classes: string) =>
    parts.push(classes ? `<span class="${classes}">${escapeHtml(text)}</span>` : escapeHtml(text));
  highlightCode(code, typescript.parse(code), classHighlighter, put, () => parts.push("\n"));
  return parts.join("");
}
