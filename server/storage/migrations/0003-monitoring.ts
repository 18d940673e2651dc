// What is learnt about predictions after they were made: values that come later, scores of stretches of calls, and rules over
// them. Beside the predictions, so that recording a call writes what it always did.
import type { Migration } from "./migration.ts";
import { tablesOf } from "./tables-of.ts";

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
