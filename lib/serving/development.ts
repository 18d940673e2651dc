// Predictions made without a server: kept in this process's memory, in the shape the server keeps them, the newest 10,000, with
// what is tracked of them later and of stretches of them.
import { randomUUID } from "node:crypto";
import type { MetricsRow, ReadMetricsQuery } from "../contract/prediction.ts";
import type { JsonObject, JsonValue } from "../contract/signature.ts";
import type { ServingContext } from "../contract/symbols.ts";
import { currentPrediction, runPrediction } from "./prediction-context.ts";

/** The deployment that calls belong to where nothing is deployed. */
export const developmentCrn = "crn:cellwright:ml:::workspace:dev/model-deployment";
const limit = 10_000;
/** By uuid, oldest first. */
const records = new Map<string, MetricsRow>();
/** By stretch. */
const aggregates = new Map<string, MetricsRow>();

/** Runs `predict` as one prediction and keeps its record, also when it throws. */
export function recordInDevelopment<R>(request: JsonObject, predict: () => R): R {
  const context: ServingContext = {
    uuid: randomUUID(),
    deploymentCrn: developmentCrn,
    metrics: {},
  };
  const startTimeStampMs = Date.now();
  const keep = (outcome: Partial<MetricsRow> & { status: number }): void => {
    keepNewest(records, context.uuid, rowOf(context, request, startTimeStampMs, outcome));
  };
  const fail = (error: unknown): never => {
    keep({
      status: 500,
      errorCode: "model_error",
      errorMessage: error instanceof Error ? error.message : String(error),
    });
    throw error;
  };
  const succeed = <T>(response: T): T => {
    keep({ status: 200, response: response as JsonValue });
    return response;
  };
  let result: R;
  try {
    result = runPrediction(context, predict);
  } catch (error) {
    return fail(error);
  }
  return result instanceof Promise ? (result.then(succeed, fail) as R) : succeed(result);
}

/** One call of a model as a deployed one is called: the record is kept also when it throws. @returns uuid of the record */
export async function callInDevelopment(model: (input: JsonObject) => unknown, request: JsonObject): Promise<string> {
  let uuid = "";
  const call = () => {
    uuid = currentPrediction()!.uuid;
    return model(request);
  };
  await Promise.resolve()
    .then(() => recordInDevelopment(request, call))
    .catch(() => {}); // the record says it
  return uuid;
}

export function isDevelopmentPrediction(uuid: string): boolean {
  return records.has(uuid);
}

/** Of the predictions that are here; others are left alone. */
export function mergeDelayedMetrics(
  items: readonly { readonly predictionUuid: string; readonly metrics: JsonObject }[],
): void {
  for (const { predictionUuid, metrics } of items) {
    const row = records.get(predictionUuid);
    if (row) records.set(predictionUuid, { ...row, metrics: { ...row.metrics, ...metrics } });
  }
}

/** The same stretch again merges. */
export function mergeAggregateMetrics(
  items: readonly {
    readonly startTimestampMs: number;
    readonly endTimestampMs: number;
    readonly metrics: JsonObject;
  }[],
): void {
  for (const { startTimestampMs, endTimestampMs, metrics } of items) {
    const stretch = `${startTimestampMs} ${endTimestampMs}`;
    keepNewest(aggregates, stretch, {
      ...developmentCrns,
      startTimeStampMs: startTimestampMs,
      endTimeStampMs: endTimestampMs,
      predictionUuid: "",
      status: 200,
      metrics: { ...aggregates.get(stretch)?.metrics, ...metrics },
    });
  }
}

/** What a query asks for: predictions, oldest first, then aggregates when no uuid is asked for. */
export function readDevelopmentRecords(query: ReadMetricsQuery): MetricsRow[] {
  const { startTimestampMs = -Infinity, endTimestampMs = Infinity } = query;
  return [...records.values(), ...aggregates.values()].filter(
    (row) =>
      (query.predictionUuid === undefined || row.predictionUuid === query.predictionUuid) &&
      (query.modelDeploymentCrn === undefined || row.modelDeploymentCrn === query.modelDeploymentCrn) &&
      (query.modelBuildCrn === undefined || row.modelBuildCrn === query.modelBuildCrn) &&
      (query.modelCrn === undefined || row.modelCrn === query.modelCrn) &&
      row.startTimeStampMs >= startTimestampMs &&
      row.endTimeStampMs <= endTimestampMs,
  );
}

const developmentCrns = {
  modelDeploymentCrn: developmentCrn,
  modelBuildCrn: "crn:cellwright:ml:::workspace:dev/model-build",
  modelCrn: "crn:cellwright:ml:::workspace:dev/model",
} as const;

function keepNewest(rows: Map<string, MetricsRow>, key: string, row: MetricsRow): void {
  rows.set(key, row);
  if (rows.size > limit) rows.delete(rows.keys().next().value!);
}

function rowOf(
  context: ServingContext,
  request: JsonObject,
  startTimeStampMs: number,
  outcome: Partial<MetricsRow> & { status: number },
): MetricsRow {
  return {
    ...developmentCrns,
    startTimeStampMs,
    endTimeStampMs: Date.now(),
    predictionUuid: context.uuid,
    request,
    metrics: { ...context.metrics },
    ...outcome,
  };
}
