// A prediction as callers know it, and as the tables keep it. Pure.
import type { PredictionSummary } from "../../lib/contract/monitoring.ts";
import type { MetricsRow, PredictionRecord } from "../../lib/contract/prediction.ts";
import type { JsonObject, JsonValue } from "../../lib/contract/signature.ts";
import type { PredictionTable } from "../storage/tables.ts";
import type { StoredAggregate } from "./aggregate-store.ts";

/** A stored prediction with the names of those who answered. */
export type StoredPrediction = Omit<PredictionTable, "source_id" | "duration_ms" | "probability" | "project"> & {
  readonly model_crn: string;
  readonly build_crn: string;
  readonly deployment_crn: string;
  /** What came later; null when nothing has. */
  readonly later_metrics: string | null;
};

/** What a table of predictions shows of one. */
export type ListedPrediction = Omit<
  StoredPrediction,
  "ended_at" | "request" | "response" | "metrics" | "created_by" | "model_crn"
> &
  Pick<PredictionTable, "duration_ms" | "probability">;

/** @param sourceId who answered */
export function toRow(record: PredictionRecord, sourceId: number, project: string, createdBy: string): PredictionTable {
  const { startTimestampMs, endTimestampMs } = record;
  return {
    uuid: record.uuid,
    source_id: sourceId,
    started_at: startTimestampMs,
    ended_at: endTimestampMs,
    duration_ms: endTimestampMs - startTimestampMs,
    status: record.status,
    probability: probabilityOf(record),
    error_code: record.errorCode ?? null,
    error_message: record.errorMessage ?? null,
    error_place: record.errorPlace ?? null,
    request: JSON.stringify(record.request),
    response: JSON.stringify(record.response),
    metrics: JSON.stringify(record.metrics),
    project,
    created_by: createdBy,
  };
}

export function toMetricsRow(row: StoredPrediction): MetricsRow {
  return {
    modelDeploymentCrn: row.deployment_crn,
    modelBuildCrn: row.build_crn,
    modelCrn: row.model_crn,
    startTimeStampMs: row.started_at,
    endTimeStampMs: row.ended_at,
    predictionUuid: row.uuid,
    status: row.status,
    ...errorOf(row),
    request: JSON.parse(row.request) as JsonValue,
    response: JSON.parse(row.response) as JsonValue,
    metrics: { ...(JSON.parse(row.metrics) as JsonObject), ...laterOf(row) },
  };
}

/** A stretch of calls among the rows of calls: it has no uuid, and failed no one. */
export function toAggregateRow(row: StoredAggregate): MetricsRow {
  return {
    modelDeploymentCrn: row.deployment_crn,
    modelBuildCrn: row.build_crn,
    modelCrn: row.model_crn,
    startTimeStampMs: row.started_at,
    endTimeStampMs: row.ended_at,
    predictionUuid: "",
    status: 200,
    metrics: JSON.parse(row.metrics) as JsonObject,
  };
}

export function toSummary(row: ListedPrediction): PredictionSummary {
  const truth = laterOf(row);
  return {
    uuid: row.uuid,
    deploymentCrn: row.deployment_crn,
    buildCrn: row.build_crn,
    startTimestampMs: row.started_at,
    durationMs: row.duration_ms,
    status: row.status,
    probability: row.probability,
    ...errorOf(row),
    ...(truth && { truth }),
  };
}

function errorOf(row: Pick<StoredPrediction, "error_code" | "error_message" | "error_place">) {
  return {
    ...(row.error_code !== null && { errorCode: row.error_code }),
    ...(row.error_message !== null && { errorMessage: row.error_message }),
    ...(row.error_place !== null && { errorPlace: row.error_place }),
  };
}

function laterOf({ later_metrics: later }: Pick<StoredPrediction, "later_metrics">): JsonObject | undefined {
  return later === null ? undefined : (JSON.parse(later) as JsonObject);
}

/** The tracked one; else the one the model answered with. */
export function probabilityOf({ metrics, response }: Pick<PredictionRecord, "metrics" | "response">): number | null {
  return numberIn(metrics) ?? numberIn(response);
}

/** Of `crn:cellwright:ml:::workspace:PROJECT/KIND/ID`; the default project for what is no CRN of ours. */
export function projectOf(crn: string): string {
  return /:workspace:([^/]+)\//.exec(crn)?.[1] ?? "default";
}

function numberIn(value: JsonValue): number | null {
  const probability = (value as JsonObject | null)?.["probability"];
  return typeof probability === "number" && Number.isFinite(probability) ? probability : null;
}
