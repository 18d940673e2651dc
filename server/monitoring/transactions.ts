// What monitoring writes. `record-prediction` happens once a call: one compiled insert, no more.
import { type Kysely, sql } from "kysely";
import type { JsonObject } from "../../lib/contract/signature.ts";
import type { AggregateMetricsTable, DelayedMetricsTable, MonitorRuleTable, Tables } from "../storage/tables.ts";
import { prepared, type Transactions } from "../storage/transaction.ts";

export type PredictionRow = Tables["prediction"];

/** Who answers calls, as the table of sources keeps it. */
export interface NewSource {
  readonly project: string;
  readonly createdBy: string;
  readonly modelCrn: string;
  readonly buildCrn: string;
  readonly deploymentCrn: string;
  readonly createdAt: number;
}

export interface DelayedBatch {
  readonly project: string;
  readonly createdBy: string;
  readonly now: number;
  /** Each uuid once. */
  readonly items: readonly { readonly uuid: string; readonly metrics: JsonObject }[];
}

/** Whose predictions got values, and how many; or a uuid that nobody has, and then nothing was written. */
export type DelayedOutcome =
  | { readonly models: readonly { readonly crn: string; readonly predictions: number }[] }
  | { readonly unknown: string };

export interface AggregateBatch {
  readonly project: string;
  readonly createdBy: string;
  readonly now: number;
  /** Each stretch of a deployment once. */
  readonly items: readonly {
    /** For a stretch that is new. */
    readonly id: string;
    readonly deploymentCrn: string;
    readonly startedAt: number;
    readonly endedAt: number;
    readonly metrics: JsonObject;
  }[];
}

/** As `DelayedOutcome`; `unknown` is a deployment that has answered no call. */
export type AggregateOutcome =
  | { readonly models: readonly { readonly crn: string; readonly aggregates: number }[] }
  | { readonly unknown: string };

export interface OldestArguments {
  /** Milliseconds since 1970. */
  readonly before: number;
  /** So many of the oldest go whenever they were. */
  readonly tooMany: number;
  /** Looked at, and gone, at most. */
  readonly limit: number;
}

export const transactions = {
  "record-prediction": prepared<PredictionRow>((tx, arg) =>
    tx.insertInto("prediction").values({
      uuid: arg("uuid"),
      source_id: arg("source_id"),
      started_at: arg("started_at"),
      ended_at: arg("ended_at"),
      duration_ms: arg("duration_ms"),
      status: arg("status"),
      probability: arg("probability"),
      error_code: arg("error_code"),
      error_message: arg("error_message"),
      error_place: arg("error_place"),
      request: arg("request"),
      response: arg("response"),
      metrics: arg("metrics"),
      project: arg("project"),
      created_by: arg("created_by"),
    }),
  ),

  /** Id of a deployment's source; made when it is new. */
  "find-or-insert-source": async (tx, source: NewSource): Promise<number> => {
    await tx
      .insertInto("prediction_source")
      .values({
        project: source.project,
        created_by: source.createdBy,
        model_crn: source.modelCrn,
        build_crn: source.buildCrn,
        deployment_crn: source.deploymentCrn,
        created_at: source.createdAt,
      })
      .onConflict((conflict) => conflict.column("deployment_crn").doNothing())
      .execute();
    const { id } = await tx
      .selectFrom("prediction_source")
      .select("id")
      .where("deployment_crn", "=", source.deploymentCrn)
      .executeTakeFirstOrThrow();
    return id;
  },

  "merge-delayed-metrics": async (tx, batch: DelayedBatch): Promise<DelayedOutcome> => {
    const { items, project, createdBy, now } = batch;
    const counts = new Map<string, number>();
    for (const some of chunksOf(items)) {
      const models = await modelsOf(tx, project, some);
      const missing = some.find(({ uuid }) => !models.has(uuid));
      if (missing) return { unknown: missing.uuid };
      for (const crn of models.values()) counts.set(crn, (counts.get(crn) ?? 0) + 1);
    }
    for (const some of chunksOf(items)) {
      const before = await delayedOf(tx, some);
      const rows = some.map(
        ({ uuid, metrics }): DelayedMetricsTable => ({
          uuid,
          metrics: JSON.stringify({ ...before.get(uuid), ...metrics }),
          project,
          created_by: createdBy,
          updated_at: now,
        }),
      );
      await tx
        .insertInto("delayed_metrics")
        .values(rows)
        .onConflict((on) => on.column("uuid").doUpdateSet(excludedMetrics))
        .execute();
    }
    return { models: [...counts].map(([crn, predictions]) => ({ crn, predictions })) };
  },

  "merge-aggregate-metrics": async (tx, batch: AggregateBatch): Promise<AggregateOutcome> => {
    const { items, project, createdBy, now } = batch;
    const sources = await sourcesOf(tx, project, [...new Set(items.map(({ deploymentCrn }) => deploymentCrn))]);
    const missing = items.find(({ deploymentCrn }) => !sources.has(deploymentCrn));
    if (missing) return { unknown: missing.deploymentCrn };
    const counts = new Map<string, number>();
    for (const { id, deploymentCrn, startedAt, endedAt, metrics } of items) {
      const source = sources.get(deploymentCrn)!;
      counts.set(source.model_crn, (counts.get(source.model_crn) ?? 0) + 1);
      const before = await tx
        .selectFrom("aggregate_metrics")
        .select("metrics")
        .where("source_id", "=", source.id)
        .where("started_at", "=", startedAt)
        .where("ended_at", "=", endedAt)
        .executeTakeFirst();
      const row: AggregateMetricsTable = {
        id,
        source_id: source.id,
        started_at: startedAt,
        ended_at: endedAt,
        metrics: JSON.stringify({ ...(before && (JSON.parse(before.metrics) as JsonObject)), ...metrics }),
        project,
        created_by: createdBy,
        updated_at: now,
      };
      await tx
        .insertInto("aggregate_metrics")
        .values(row)
        .onConflict((on) => on.columns(["source_id", "started_at", "ended_at"]).doUpdateSet(excludedMetrics))
        .execute();
    }
    return { models: [...counts].map(([crn, aggregates]) => ({ crn, aggregates })) };
  },

  /** By uuid, which goes by time. */
  "delete-oldest-predictions": async (tx, { before, tooMany, limit }: OldestArguments): Promise<number> => {
    const oldest = await tx
      .selectFrom("prediction")
      .select(["uuid", "started_at"])
      .orderBy("uuid")
      .limit(limit)
      .execute();
    const uuids = oldest.filter(({ started_at }, i) => i < tooMany || started_at < before).map(({ uuid }) => uuid);
    if (uuids.length === 0) return 0;
    await tx.deleteFrom("delayed_metrics").where("uuid", "in", uuids).execute();
    await tx.deleteFrom("prediction").where("uuid", "in", uuids).execute();
    return uuids.length;
  },

  "delete-aggregate-metrics": prepared<{ before: number }>((tx, arg) =>
    tx.deleteFrom("aggregate_metrics").where("ended_at", "<", arg("before")),
  ),

  /** The rule as it is now: the same metric and side again have a new threshold. */
  "put-monitor-rule": async (tx, row: MonitorRuleTable): Promise<MonitorRuleTable> =>
    tx
      .insertInto("monitor_rule")
      .values(row)
      .onConflict((on) =>
        on
          .columns(["model_crn", "metric", "side"])
          .doUpdateSet((row) => ({ threshold: row.ref("excluded.threshold") })),
      )
      .returningAll()
      .executeTakeFirstOrThrow(),

  /** False when the model has none of this id. */
  "delete-monitor-rule": async (tx, { modelCrn, id }: { modelCrn: string; id: string }): Promise<boolean> => {
    const deleted = tx.deleteFrom("monitor_rule").where("id", "=", id).where("model_crn", "=", modelCrn);
    return (await deleted.returning("id").executeTakeFirst()) !== undefined;
  },
} satisfies Transactions;

/** Rows of one statement; an engine takes so many parameters. */
const rowsAtOnce = 400;

function* chunksOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += rowsAtOnce) yield items.slice(at, at + rowsAtOnce);
}

type WithUuid = readonly { readonly uuid: string }[];

/** uuid → CRN of the model that answered, for those that are recorded. */
async function modelsOf(tx: Kysely<Tables>, project: string, items: WithUuid): Promise<Map<string, string>> {
  const rows = await tx
    .selectFrom("prediction")
    .innerJoin("prediction_source as source", "source.id", "prediction.source_id")
    .select(["prediction.uuid", "source.model_crn"])
    .where("prediction.project", "=", project)
    .where("prediction.uuid", "in", uuidsOf(items))
    .execute();
  return new Map(rows.map(({ uuid, model_crn }) => [uuid, model_crn]));
}

async function delayedOf(tx: Kysely<Tables>, items: WithUuid): Promise<Map<string, JsonObject>> {
  const rows = await tx
    .selectFrom("delayed_metrics")
    .select(["uuid", "metrics"])
    .where("uuid", "in", uuidsOf(items))
    .execute();
  return new Map(rows.map(({ uuid, metrics }) => [uuid, JSON.parse(metrics) as JsonObject]));
}

function uuidsOf(items: WithUuid): string[] {
  return items.map(({ uuid }) => uuid);
}

async function sourcesOf(tx: Kysely<Tables>, project: string, crns: readonly string[]) {
  const found = new Map<string, { readonly id: number; readonly model_crn: string }>();
  for (const some of chunksOf(crns)) {
    const rows = await tx
      .selectFrom("prediction_source")
      .select(["id", "model_crn", "deployment_crn"])
      .where("project", "=", project)
      .where("deployment_crn", "in", some)
      .execute();
    for (const row of rows) found.set(row.deployment_crn, row);
  }
  return found;
}

/** A row that is there already takes what the new one brings. */
const excludedMetrics = {
  metrics: sql<string>`excluded.metrics`,
  updated_at: sql<number>`excluded.updated_at`,
};
