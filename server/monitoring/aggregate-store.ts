// SQL of what is said of stretches of calls: their scores, and the rules over them.
import type { Database } from "../storage/database.ts";
import type { AggregateMetricsTable, MonitorRuleTable } from "../storage/tables.ts";
import type { Position } from "./page-token.ts";
import type { RangeOf } from "./prediction-range.ts";
import type { AggregateBatch, AggregateOutcome, DelayedBatch, DelayedOutcome } from "./transactions.ts";

/** A stretch with the names of those who answered. */
export type StoredAggregate = Pick<AggregateMetricsTable, "id" | "started_at" | "ended_at" | "metrics"> & {
  readonly model_crn: string;
  readonly build_crn: string;
  readonly deployment_crn: string;
};

export interface AggregateStore {
  mergeDelayed(batch: DelayedBatch): Promise<DelayedOutcome>;
  mergeAggregates(batch: AggregateBatch): Promise<AggregateOutcome>;
  /** Stretches that begin in the range, by start and id. */
  readPage(
    page: RangeOf & { readonly after: Position | undefined; readonly limit: number },
  ): Promise<StoredAggregate[]>;
  /** The latest stretches that lie in the range or reach into it, by start. */
  readWindows(range: RangeOf, limit: number): Promise<StoredAggregate[]>;
  putRule(row: MonitorRuleTable): Promise<MonitorRuleTable>;
  deleteRule(modelCrn: string, id: string): Promise<boolean>;
  /** In the order they were made. */
  listRules(modelCrn: string): Promise<MonitorRuleTable[]>;
}

export function createAggregateStore(database: Database): AggregateStore {
  const { query } = database;
  const aggregates = () =>
    query
      .selectFrom("aggregate_metrics as stretch")
      .innerJoin("prediction_source as source", "source.id", "stretch.source_id")
      .select([
        "stretch.id",
        "stretch.started_at",
        "stretch.ended_at",
        "stretch.metrics",
        "source.model_crn",
        "source.build_crn",
        "source.deployment_crn",
      ]);

  return {
    mergeDelayed: (batch) => database.transact("merge-delayed-metrics", batch),
    mergeAggregates: (batch) => database.transact("merge-aggregate-metrics", batch),
    putRule: (row) => database.transact("put-monitor-rule", row),
    deleteRule: (modelCrn, id) => database.transact("delete-monitor-rule", { modelCrn, id }),

    readPage({ sources, start, end, after, limit }) {
      let rows = aggregates().where("stretch.source_id", "in", [...sources]);
      if (start !== undefined) rows = rows.where("stretch.started_at", ">=", start);
      if (end !== undefined) rows = rows.where("stretch.started_at", "<=", end);
      if (after) {
        const { startedAt, uuid } = after;
        rows = rows
          .where("stretch.started_at", ">=", startedAt)
          .where((row) => row.or([row("stretch.started_at", ">", startedAt), row("stretch.id", ">", uuid)]));
      }
      return rows.orderBy("stretch.started_at").orderBy("stretch.id").limit(limit).execute();
    },

    async readWindows({ sources, start, end }, limit) {
      let rows = aggregates().where("stretch.source_id", "in", [...sources]);
      if (start !== undefined) rows = rows.where("stretch.ended_at", ">=", start);
      if (end !== undefined) rows = rows.where("stretch.started_at", "<=", end);
      const latest = rows.orderBy("stretch.started_at", "desc").orderBy("stretch.id", "desc").limit(limit);
      return (await latest.execute()).reverse();
    },

    listRules: (modelCrn) =>
      query
        .selectFrom("monitor_rule")
        .selectAll()
        .where("model_crn", "=", modelCrn)
        .orderBy("created_at")
        .orderBy("id")
        .execute(),
  };
}
