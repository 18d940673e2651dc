// What terminals are told by escape sequences, as HTML: colours and weight become spans, everything else is dropped.
import { escapeHtml } from "./escape.ts";

const names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

/** Text as a terminal would leave it: a carriage return starts the line again. */
export function ansiToHtml(text: string): string {
  const style = new Set<string>();
  return lastOfEachLine(text)
    .split(/(\x1b\[[0-9;:?]*[A-Za-z])/)
    .map((part) => {
      if (part.startsWith("\x1b")) return change(style, part);
      const clean = part.replace(/[\x00-\x08\x0b-\x1f]/g, "");
      return style.size === 0 || clean === ""
        ? escapeHtml(clean)
        : `<span class="${[...style].join(" ")}">${escapeHtml(clean)}</span>`;
    })
    .join("");
}

function lastOfEachLine(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(/[^\n]*\r(?!$)/gm, "");
}

function change(style: Set<string>, sequence: string): string {
  if (!sequence.endsWith("m")) return "";
  for (const code of (sequence.slice(2, -1) || "0").split(/[;:]/).map(Number)) {
    if (code === 0) style.clear();
    else if (code === 1) style.add("ansi-bold");
    else if (code === 22) style.delete("ansi-bold");
    else if (code === 39 || (code >= 30 && code < 38) || (code >= 90 && code < 98)) {
      for (const name of names) style.delete(`ansi-${name}`);
      if (code !== 39) style.add(`ansi-${names[code % 10]}`);
    }
  }
  return "";
}
