// How migrations write a table: what every row has is said once. A released migration's tables stay as they are, so this does too.
import { type CreateTableBuilder, type Kysely, sql } from "kysely";
import type { EngineTypes } from "./migration.ts";

/** A table with its owner and the columns that are never null. */
// biome-ignore lint/suspicious/noExplicitAny: tables as they were
export function tablesOf(db: Kysely<any>, engine: EngineTypes) {
  return (name: string, texts: readonly string[], integers: readonly string[]): CreateTableBuilder<string, string> => {
    let table: CreateTableBuilder<string, string> = db.schema.createTable(name);
    for (const column of [...texts, "project", "created_by"]) {
      table = table.addColumn(column, "text", (one) => one.notNull());
    }
    for (const column of integers) table = table.addColumn(column, engine.integer, (one) => one.notNull());
    return engine.tableOptions ? table.modifyEnd(sql.raw(engine.tableOptions)) : table;
  };
}
