// A table as HTML and as text: the first rows, types under the names, numbers to the right, and how many rows there are.
import { columnNamesOf, columnOf, type FrameLike, rowsOf } from "../frame/columns.ts";
import { typeNameOf } from "../frame/field-type.ts";
import { frameOf, type Row } from "../frame/frame.ts";
import { formatCount, formatValue } from "./format-value.ts";
import { escapeHtml } from "./html.ts";
import { type Displayable, displayable } from "./mime-bundle.ts";

export interface TableOptions {
  /** Rows shown. Default 20. */
  readonly rows?: number;
  /** Line above the table. Default none. */
  readonly title?: string;
}

/** Anything with rows and columns: a frame, columns, row objects, a record of values or of records, a list of values. */
export type TableData = FrameLike | readonly unknown[] | object;

/** A table to show: `display(table(customers, { rows: 5 }))`. */
export function table(data: TableData, { rows = 20, title }: TableOptions = {}): Displayable {
  const frame = tabular(data);
  const total = rowsOf(frame);
  const shown = Math.min(total, Math.max(0, Math.floor(rows)));
  const columns = columnNamesOf(frame).map((name) => columnToShow(frame, name, shown));
  const footer = shown < total ? `${formatCount(shown)} of ${formatCount(total)} rows` : rowCount(total);
  return displayable({
    "text/html": htmlTable(columns, shown, footer, title),
    "text/plain": textTable(columns, shown, footer, title),
  });
}

interface ShownColumn {
  readonly name: string;
  readonly type: string;
  readonly right: boolean;
  readonly cells: readonly string[];
}

function columnToShow(frame: FrameLike, name: string, rows: number): ShownColumn {
  const type = typeNameOf(frame, name);
  const values = columnOf(frame, name);
  const cells = Array.from({ length: rows }, (_, i) => formatValue(values[i], type));
  return { name, type, right: numeric.has(type), cells };
}

const numeric: ReadonlySet<string> = new Set(["double", "float", "long", "integer"]);

/** Every shape a notebook has at hand, as a frame. */
function tabular(data: TableData): FrameLike {
  if (Array.isArray(data)) return tabularList(data);
  if (typeof (data as { columnNames?: unknown }).columnNames === "function") return data as FrameLike;
  const entries = Object.entries(data);
  if (entries.length > 0 && entries.every(([, value]) => isColumn(value))) return data as FrameLike;
  if (entries.length > 0 && entries.every(([, value]) => isRecord(value))) {
    return frameOf(entries.map(([name, record]) => ({ name, ...(record as Row) })));
  }
  return { name: entries.map(([name]) => name), value: entries.map(([, value]) => value) };
}

function tabularList(list: readonly unknown[]): FrameLike {
  if (list.length > 0 && list.every(isRecord)) return frameOf(list as readonly Row[]);
  return { value: list };
}

function isColumn(value: unknown): boolean {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isRecord(value: unknown): value is Row {
  if (typeof value !== "object" || value === null || isColumn(value)) return false;
  return Object.prototype.toString.call(value) !== "[object Date]";
}

function rowCount(total: number): string {
  return total === 1 ? "1 row" : `${formatCount(total)} rows`;
}

function htmlTable(columns: readonly ShownColumn[], rows: number, footer: string, title?: string): string {
  const head = columns.map(({ name, type, right }) => {
    const kind = `<div style="font-weight:normal;opacity:.6;font-size:.85em">${escapeHtml(type)}</div>`;
    return `<th scope="col" style="${headStyle};${aligned(right)}">${escapeHtml(name)}${kind}</th>`;
  });
  const body = Array.from({ length: rows }, (_, i) => {
    const cells = columns.map(
      ({ cells, right }) => `<td style="${cellStyle(cells[i]!, right)}">${cellHtml(cells[i]!)}</td>`,
    );
    return `<tr>${cells.join("")}</tr>`;
  });
  const caption = title
    ? `<caption style="caption-side:top;text-align:left;font-weight:600">${escapeHtml(title)}</caption>`
    : "";
  return (
    `<div class="cellwright-table"><div tabindex="0" style="max-height:480px;overflow:auto"><table style="font-variant-numeric:tabular-nums;white-space:nowrap">` +
    `${caption}<thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div>` +
    `<div style="opacity:.7;font-size:.85em">${escapeHtml(footer)}</div></div>`
  );
}

const headStyle = "position:sticky;top:0;background:var(--jp-layout-color0,Canvas);vertical-align:bottom";

function aligned(right: boolean): string {
  return right ? "text-align:right" : "text-align:left";
}

/** Long text wraps, short text stays on its line. */
function cellStyle(text: string, right: boolean): string {
  return aligned(right) + (text.length > 60 ? ";white-space:normal;min-width:24em" : "");
}

function cellHtml(text: string): string {
  return text === "null" ? `<span style="opacity:.45;font-style:italic">null</span>` : escapeHtml(text);
}

function textTable(columns: readonly ShownColumn[], rows: number, footer: string, title?: string): string {
  const widths = columns.map(({ name, cells }) =>
    Math.min(40, Math.max(1, ...[name, ...cells].map((text) => text.length))),
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => {
        const cut = text.length > 40 ? `${text.slice(0, 39)}…` : text;
        const flat = cut.replace(/[\r\n\t]/g, " ");
        return columns[i]!.right ? flat.padStart(widths[i]!) : flat.padEnd(widths[i]!);
      })
      .join("  ")
      .trimEnd();
  const body = Array.from({ length: rows }, (_, i) => line(columns.map(({ cells }) => cells[i]!)));
  const names = line(columns.map(({ name }) => name));
  return [...(title ? [title] : []), names, line(widths.map((width) => "─".repeat(width))), ...body, footer].join("\n");
}
