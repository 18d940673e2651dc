// JSON files: an array of row objects, or one object a line (ndjson).
import { quote } from "../core/check.ts";
import type { FrameLike } from "../frame/columns.ts";
import { requireSchema, type TableSchema } from "../frame/field-type.ts";
import { type Frame, frameOf, type Row, rowObjectsOf } from "../frame/frame.ts";
import { readBytes, writeWhole } from "./file-store.ts";

export interface ReadJsonOptions {
  /** Columns to read and their types. Default: every key that occurs, types by the values. */
  readonly schema?: TableSchema;
}

/**
 * Reads rows from JSON: an array of objects, or one object a line. A key that a row lacks is null.
 *
 * @param path from the project's folder
 * @throws Error no such file; text that is no JSON (names the line of ndjson); a row that is no object; a value not of its type
 */
export async function readJson(path: string, { schema }: ReadJsonOptions = {}): Promise<Frame> {
  if (schema) requireSchema(schema);
  const text = (await readBytes(path, "JSON")).toString("utf8").replace(/^\uFEFF/, "");
  const rows = text.trimStart().startsWith("[") ? parseArray(path, text) : parseLines(path, text);
  if (!schema) return frameOf(rows);
  const columns = Object.entries(schema).map(([name, type]) => {
    const timed = type === "timestamp" || type === "date";
    return [name, rows.map((row) => (timed ? toDate(row[name]) : (row[name] ?? null)))];
  });
  try {
    return frameOf(Object.fromEntries(columns), { types: schema });
  } catch (cause) {
    throw new Error(`Cannot read ${quote(path)}: ${(cause as Error).message}`, { cause });
  }
}

export interface WriteJsonOptions {
  /** `rows`: one array; `lines`: one object a line. Default `lines` for names that end in .ndjson or .jsonl, else `rows`. */
  readonly format?: "rows" | "lines";
}

/**
 * Writes a table as JSON, whole or not at all.
 *
 * @returns the absolute path
 */
export async function writeJson(path: string, frame: FrameLike, { format }: WriteJsonOptions = {}): Promise<string> {
  const lines = rowObjectsOf(frame).map((row) => JSON.stringify(row));
  const byLine = (format ?? (/\.(ndjson|jsonl)$/.test(path) ? "lines" : "rows")) === "lines";
  return writeWhole(path, byLine ? lines.map((line) => `${line}\n`).join("") : `[\n${lines.join(",\n")}\n]\n`);
}

function parseArray(path: string, text: string): Row[] {
  try {
    return (JSON.parse(text) as unknown[]).map((row, i) => requireRow(path, `row ${i}`, row));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new Error(`Cannot read ${quote(path)}: found ${cause.message}, expected JSON`, { cause });
  }
}

function parseLines(path: string, text: string): Row[] {
  return text.split("\n").flatMap((line, i) => {
    if (line.trim() === "") return [];
    try {
      return [requireRow(path, `line ${i + 1}`, JSON.parse(line))];
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      throw new Error(`Cannot read ${quote(path)}, line ${i + 1}: found no JSON, expected one object a line`, {
        cause,
      });
    }
  });
}

function requireRow(path: string, place: string, row: unknown): Row {
  if (typeof row === "object" && row !== null && !Array.isArray(row)) return row as Row;
  throw new Error(
    `Cannot read ${quote(path)}, ${place}: found ${row === null ? "null" : typeof row}, expected an object`,
  );
}

/** A time without a zone is UTC; what is no ISO time stays as it is, for the type check to name. */
function toDate(value: unknown): unknown {
  if (typeof value !== "string") return value ?? null;
  const [, day, time = "T00:00:00", zone = "Z"] =
    /^(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/.exec(value) ?? [];
  return day ? new Date(`${day}${time.replace(" ", "T")}${zone}`) : value;
}
