// A table as HTML and as text: the first rows in sight, more of them folded away, the rest counted.
import { inspect } from "node:util";
import { counted, escapeHtml } from "./escape.ts";
import type { Rows } from "./rows.ts";

const inSight = 20;
const folded = 180;
const shownColumns = 50;
const longestCell = 120;

export function tableHtml(rows: Rows): string {
  const first = Math.min(rows.count, inSight);
  const second = Math.min(rows.count - first, folded);
  const parts = [`<p>${escapeHtml(sizeOf(rows))}</p>`, oneTable(rows, 0, first)];
  if (second > 0)
    parts.push(
      `<details><summary>${counted(second, "more row")}</summary>${oneTable(rows, first, first + second)}</details>`,
    );
  const rest = rows.count - first - second;
  if (rest > 0) parts.push(`<p>${counted(rest, "further row")} not shown</p>`);
  return parts.join("");
}

/** The same in aligned columns, without the folded rows. */
export function tableText(rows: Rows): string {
  const names = rows.columns.slice(0, shownColumns);
  const body = Array.from({ length: Math.min(rows.count, inSight) }, (_, row) => [
    rows.index ? shortText(rows.index(row)) : String(row),
    ...names.map((_, column) => shortText(rows.cell(row, column))),
  ]);
  const all = [["", ...names], ...body];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((line) => line[column]!.length)));
  const right = widths.map((_, column) => column > 0 && body.every((_, row) => isNumber(rows.cell(row, column - 1))));
  const lines = all.map((line) =>
    line
      .map((text, column) => (right[column] ? text.padStart(widths[column]!) : text.padEnd(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
  const rest = rows.count - body.length;
  return [...lines, ...(rest > 0 ? [`… ${counted(rest, "more row")}`] : []), sizeOf(rows)].join("\n");
}

function sizeOf({ kind, count, columns }: Rows): string {
  return `${kind}: ${counted(count, "row")} × ${counted(columns.length, "column")}`;
}

function oneTable(rows: Rows, from: number, to: number): string {
  const names = rows.columns.slice(0, shownColumns);
  const more = rows.columns.length - names.length;
  const heads = ["", ...names, ...(more > 0 ? [`… ${counted(more, "more column")}`] : [])];
  const lines: string[] = [];
  for (let row = from; row < to; row++) {
    const name = rows.index ? shortText(rows.index(row)) : String(row);
    const cells = names.map((_, column) => cellHtml(rows.cell(row, column)));
    lines.push(`<tr><th scope="row">${escapeHtml(name)}</th>${cells.join("")}</tr>`);
  }
  const head = heads.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join("");
  return `<table class="dataframe"><thead><tr>${head}</tr></thead><tbody>${lines.join("")}</tbody></table>`;
}

function cellHtml(value: unknown): string {
  return `<td style="text-align: ${isNumber(value) ? "right" : "left"}">${escapeHtml(shortText(value))}</td>`;
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" || typeof value === "bigint";
}

function shortText(value: unknown): string {
  const text =
    typeof value === "string"
      ? value
      : value === undefined
        ? ""
        : inspect(value, { depth: 1, maxArrayLength: 10, maxStringLength: longestCell, breakLength: Infinity });
  const line = text.length > 1000 ? text.slice(0, 1000) : text;
  const flat = line.replace(/\s*\n\s*/g, " ");
  return flat.length > longestCell ? `${flat.slice(0, longestCell - 1)}…` : flat;
}
