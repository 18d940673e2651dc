// The parts of a notebook as nbformat 4.5 has them on disk, and small questions about a cell. Knows no file.
// https://nbformat.readthedocs.io/en/latest/format_description.html

/** Text on disk: one string, or its lines, each with its newline. */
export type MultilineText = string | string[];
export type Metadata = Record<string, unknown>;
/** Data by MIME type: text as MultilineText, JSON types as they are. */
export type OutputData = Record<string, unknown>;

export interface StreamOutput {
  name: "stdout" | "stderr";
  output_type: "stream";
  text: MultilineText;
}
export interface DisplayOutput {
  data: OutputData;
  metadata: Metadata;
  output_type: "display_data";
}
export interface ResultOutput {
  data: OutputData;
  execution_count: number | null;
  metadata: Metadata;
  output_type: "execute_result";
}
export interface ErrorOutput {
  ename: string;
  evalue: string;
  output_type: "error";
  traceback: string[];
}
export type Output = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput;

interface CellBase {
  /** Since nbformat 4.5. */
  id?: string;
  metadata: Metadata;
  source: MultilineText;
}
export interface CodeCell extends CellBase {
  cell_type: "code";
  execution_count: number | null;
  outputs: Output[];
}
export interface TextCell extends CellBase {
  cell_type: "markdown" | "raw";
  attachments?: Record<string, unknown>;
}
export type Cell = CodeCell | TextCell;

/** The text a notebook was read from; writing keeps of it all that did not change. A spread copy carries it along. */
export const originalText: unique symbol = Symbol("original text of a notebook");

export interface Notebook {
  cells: Cell[];
  metadata: Metadata;
  nbformat: number;
  nbformat_minor: number;
  [originalText]?: string;
}

/** A notebook that cannot be read, or not be used as asked. */
export class NotebookError extends Error {
  override name = "NotebookError";
}

export function isCode(cell: Cell): cell is CodeCell {
  return cell.cell_type === "code";
}

export function sourceOf(cell: Cell): string {
  return textOf(cell.source);
}

export function textOf(text: MultilineText): string {
  return typeof text === "string" ? text : text.join("");
}

/** Lines as nbformat has them, each with its newline; an empty text has none. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

export function hasTag(cell: Cell, tag: string): boolean {
  const { tags } = cell.metadata;
  return Array.isArray(tags) && tags.includes(tag);
}

/** Whether this notebook keeps text as lists of lines, as Jupyter writes it; else as strings. */
export function keepsLines({ cells }: Notebook): boolean {
  return !cells.some(({ source }) => typeof source === "string" && source !== "");
}

/** Whether the notebook's cells carry ids (nbformat 4.5 and later). */
export function hasIds({ nbformat_minor: minor }: Notebook): boolean {
  return minor >= 5;
}
