// A table as CSV text and file, RFC 4180.
import { columnNamesOf, columnOf, type FrameLike, rowsOf } from "../frame/columns.ts";
import { typeNameOf } from "../frame/field-type.ts";
import { writeWhole } from "./file-store.ts";

export interface WriteCsvOptions {
  /** One character. Default `,`. */
  readonly delimiter?: string;
  /** Default CRLF. */
  readonly lineEnd?: "\r\n" | "\n";
  /** What stands for null. Default nothing; an empty text is written as `""`. */
  readonly nullText?: string;
}

/**
 * Writes a table as a CSV file, whole or not at all; `readCsv` with the table's schema reads the same values.
 *
 * @returns the absolute path
 */
export async function writeCsv(path: string, frame: FrameLike, options: WriteCsvOptions = {}): Promise<string> {
  return writeWhole(path, csvText(frame, options));
}

export function csvText(
  frame: FrameLike,
  { delimiter = ",", lineEnd = "\r\n", nullText = "" }: WriteCsvOptions = {},
): string {
  const columns = columnNamesOf(frame).map((name) => ({
    name,
    values: columnOf(frame, name),
    dateOnly: typeNameOf(frame, name) === "date",
  }));
  const special = new RegExp(`["\\r\\n${delimiter.replace(/[\\\]^-]/g, "\\$&")}]`);
  const field = (text: string) =>
    text === "" || text === nullText || special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const lines = [columns.map(({ name }) => field(name)).join(delimiter)];
  for (let i = 0; i < rowsOf(frame); i++) {
    const fields = columns.map(({ values, dateOnly }) => {
      const value = values[i];
      return value === null || value === undefined ? nullText : field(textOf(value, dateOnly));
    });
    lines.push(fields.join(delimiter));
  }
  return lines.map((line) => line + lineEnd).join("");
}

function textOf(value: unknown, dateOnly: boolean): string {
  if (Object.prototype.toString.call(value) === "[object Date]") {
    const iso = (value as Date).toISOString();
    return dateOnly ? iso.slice(0, 10) : iso;
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
