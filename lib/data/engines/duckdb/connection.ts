// One DuckDB in memory per process, opened on first use. It owns no file: tables are Parquet folders, so that many processes share them.
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

let instance: Promise<DuckDBInstance> | undefined;

/** Runs `work` on a connection of its own and closes it. */
export async function withDuckdb<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  instance ??= open();
  const connection = await (await instance).connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    return await work(connection);
  } finally {
    connection.closeSync();
  }
}

/** Rows of a query as plain objects; for small answers. 64-bit numbers are bigint. */
export async function rowsOfQuery(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJS() as Record<string, unknown>[];
}

async function open(): Promise<DuckDBInstance> {
  const { DuckDBInstance: Instance } = await import("@duckdb/node-api");
  return Instance.create(":memory:", {
    autoinstall_known_extensions: "false", // would call the internet
    autoload_known_extensions: "false",
    temp_directory: join(tmpdir(), `cellwright-duckdb-${process.pid}`),
  });
}
