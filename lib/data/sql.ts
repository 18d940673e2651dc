// SQL over tables of the warehouse and frames, by DuckDB in this process. What is heavy on big tables belongs here; small results
// go on as frames.
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { quote } from "../core/check.ts";
import type { FrameLike } from "../frame/columns.ts";
import { schemaOf } from "../frame/field-type.ts";
import type { Frame } from "../frame/frame.ts";
import { withDuckdb } from "./engines/duckdb/connection.ts";
import { withFrameSource } from "./engines/duckdb/frame-source.ts";
import { queryFrame } from "./engines/duckdb/query-frame.ts";
import { sqlName, sqlText } from "./engines/duckdb/sql.ts";
import { listTables } from "./warehouse/list-tables.ts";
import { filesOf, snapshotOf } from "./warehouse/table-metadata.ts";
import { tablePlace } from "./warehouse/table-name.ts";
import { readTableVersion } from "./warehouse/table-store.ts";

export interface SqlOptions {
  /** Frames that the query may name as tables. */
  readonly frames?: { readonly [name: string]: FrameLike };
}

let queries = 0;

/**
 * The rows of one SELECT in DuckDB's SQL.
 *
 * Tables of the warehouse are named as they are, `default.telco_churn`, those of `default` also bare; each at its newest snapshot.
 *
 * @throws Error the query is none, or names what there is not: says what DuckDB says
 */
export async function sql(text: string, { frames = {} }: SqlOptions = {}): Promise<Frame> {
  const query = withQuotedDefault(text.trim().replace(/;$/, ""));
  return withDuckdb(async (connection) => {
    const own = `query_${++queries}`; // names of a query are its own: two may run at once
    await connection.run(`ATTACH ':memory:' AS ${own}`);
    try {
      await connection.run(`USE ${own}`);
      await addTables(connection, text);
      return await withFrames(connection, Object.entries(frames), () => queryFrame(connection, query));
    } catch (cause) {
      const [found] = (cause as Error).message.split("\n");
      throw new Error(`Cannot run the query ${quote(query)}: found ${quote(found)}, expected one SELECT`, { cause });
    } finally {
      await connection.run("USE memory");
      await connection.run(`DETACH ${own}`);
    }
  });
}

/** A view of each table that the text may speak of. */
async function addTables(connection: DuckDBConnection, text: string): Promise<void> {
  const words = new Set(text.toLowerCase().match(/\w+/g));
  for (const { name } of await listTables()) {
    const [database, table] = name.split(".") as [string, string];
    if (!words.has(table.toLowerCase())) continue;
    const place = tablePlace(name);
    const found = (await readTableVersion(place)).table;
    const files = filesOf(found, snapshotOf(found, undefined)).map(({ path }) => sqlText(join(place.folder, path)));
    const select = `SELECT * FROM read_parquet([${files.join(", ")}])`;
    await connection.run(`CREATE SCHEMA IF NOT EXISTS ${sqlName(database)}`);
    await connection.run(`CREATE VIEW ${sqlName(database)}.${sqlName(table)} AS ${select}`);
    if (database === "default") await connection.run(`CREATE VIEW ${sqlName(table)} AS ${select}`);
  }
}

async function withFrames<T>(
  connection: DuckDBConnection,
  [first, ...others]: readonly (readonly [string, FrameLike])[],
  work: () => Promise<T>,
): Promise<T> {
  if (!first) return work();
  const [name, frame] = first;
  return withFrameSource(frame, schemaOf(frame), async (from) => {
    await connection.run(`CREATE OR REPLACE VIEW ${sqlName(name)} AS SELECT * FROM ${from}`);
    return withFrames(connection, others, work);
  });
}

/** `default` is a word of SQL's own: as the name of a database it needs quotes, which we add outside of texts and names. */
function withQuotedDefault(text: string): string {
  return text.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\bdefault\s*\./gi, (part) =>
    /^default/i.test(part) ? '"default".' : part,
  );
}
