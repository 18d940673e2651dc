// Which calls a question is about, as SQL, and how questions that look at many rows are read.
import type { CompiledQuery, SelectQueryBuilder } from "kysely";
import type { Database } from "../storage/database.ts";
import type { Tables } from "../storage/tables.ts";

export interface RangeOf {
  /** At least one. */
  readonly sources: readonly number[];
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** Parameters of one `in (…)`, and arms of one union. */
export const mostAtOnce = 400;

type Predictions<O> = SelectQueryBuilder<Tables, "prediction", O>;

export function within<O>(rows: Predictions<O>, { sources, start, end }: RangeOf): Predictions<O> {
  let found = rows.where("source_id", "in", [...sources]);
  if (start !== undefined) found = found.where("started_at", ">=", start);
  if (end !== undefined) found = found.where("started_at", "<=", end);
  return found;
}

export function inOrder<O>(rows: Predictions<O>): Predictions<O> {
  return rows.orderBy("started_at").orderBy("uuid");
}

/** All rows of a question, read beside this thread. */
export function longReads(database: Database): <T>(compiled: CompiledQuery<T>) => Promise<T[]> {
  return async <T>(compiled: CompiledQuery<T>) => {
    const rows: T[] = [];
    for await (const page of database.readLong(compiled, { pageRows: 2000 })) rows.push(...page);
    return rows;
  };
}

export function chunksOf<T>(items: readonly T[], size = mostAtOnce): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
