// Parquet files.

import { randomUUID } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { quote } from "../core/check.ts";
import { fromProject } from "../core/settings.ts";
import type { FrameLike } from "../frame/columns.ts";
import { schemaOf, type TableSchema } from "../frame/field-type.ts";
import type { Frame } from "../frame/frame.ts";
import { withDuckdb } from "./engines/duckdb/connection.ts";
import { withFrameSource } from "./engines/duckdb/frame-source.ts";
import { queryFrame } from "./engines/duckdb/query-frame.ts";
import { requireSqlNames, sqlFile, sqlName, sqlText } from "./engines/duckdb/sql.ts";
import { requireFile } from "./file-store.ts";

export interface ReadParquetOptions {
  /** Columns and their order. Default: all. */
  readonly columns?: readonly string[];
}

/**
 * Reads a Parquet file of any compression.
 *
 * @param path from the project's folder
 * @throws Error no such file, no Parquet file, or no such column
 */
export async function readParquet(path: string, { columns }: ReadParquetOptions = {}): Promise<Frame> {
  const file = await requireFile(path, "Parquet");
  const select = columns?.map(sqlName).join(", ") || "*";
  return withDuckdb((connection) =>
    queryFrame(connection, `SELECT ${select} FROM read_parquet(${sqlFile(file)})`),
  ).catch((cause: Error) => {
    throw new Error(`Cannot read ${quote(path)}: found ${cause.message.split("\n")[0]}, expected a Parquet file`, {
      cause,
    });
  });
}

export interface WriteParquetOptions {
  /** Types of the columns. Default: those the frame has. */
  readonly schema?: TableSchema;
}

/**
 * Writes a table as a Parquet file (zstd), whole or not at all.
 *
 * @returns the absolute path
 */
export async function writeParquet(
  path: string,
  frame: FrameLike,
  { schema = schemaOf(frame) }: WriteParquetOptions = {},
): Promise<string> {
  requireSqlNames(Object.keys(schema));
  const target = fromProject(path);
  await mkdir(dirname(target), { recursive: true });
  const draft = join(dirname(target), `.${randomUUID()}.tmp`);
  try {
    await withFrameSource(frame, schema, (from) =>
      withDuckdb((connection) =>
        connection.run(`COPY (SELECT * FROM ${from}) TO ${sqlText(draft)} (FORMAT parquet, COMPRESSION zstd)`),
      ),
    );
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
  return target;
}
