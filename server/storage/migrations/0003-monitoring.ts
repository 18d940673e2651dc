// What is learnt about predictions after they were made: values that come later, scores of stretches of calls, and rules over
// them. Beside the predictions, so that recording a call writes what it always did.
import { type CreateTableBuilder, type Kysely, sql } from "kysely";
import type { EngineTypes, Migration } from "./migration.ts";

export const monitoringTables: Migration = {
  name: "0003-monitoring",
  async up(db, engine) {
    const table = tablesOf(db, engine);
    await table("delayed_metrics", ["uuid", "metrics"], ["updated_at"])
      .addPrimaryKeyConstraint("delayed_metrics_key", ["uuid"])
      .execute();
    await table("aggregate_metrics", ["id", "metrics"], ["source_id", "started_at", "ended_at", "updated_at"])
      .addPrimaryKeyConstraint("aggregate_metrics_key", ["id"])
      .addUniqueConstraint("aggregate_metrics_stretch", ["source_id", "started_at", "ended_at"])
      .execute();
    await table("monitor_rule", ["id", "model_crn", "metric", "side"], ["created_at"])
      .addColumn("threshold", engine.real, (column) => column.notNull())
      .addPrimaryKeyConstraint("monitor_rule_key", ["id"])
      .addUniqueConstraint("monitor_rule_side", ["model_crn", "metric", "side"])
      .execute();
  },
};

/** A table with its owner and the columns that are never null. */
// biome-ignore lint/suspicious/noExplicitAny: tables as they were
function tablesOf(db: Kysely<any>, engine: EngineTypes) {
  return (name: string, texts: readonly string[], integers: readonly string[]): CreateTableBuilder<string, string> => {
    let table: CreateTableBuilder<string, string> = db.schema.createTable(name);
    for (const column of [...texts, "project", "created_by"]) {
      table = table.addColumn(column, "text", (one) => one.notNull());
    }
    for (const column of integers) table = table.addColumn(column, engine.integer, (one) => one.notNull());
    return engine.tableOptions ? table.modifyEnd(sql.raw(engine.tableOptions)) : table;
  };
}
