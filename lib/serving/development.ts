// Predictions made without a server: kept in this process's memory, in the shape the server keeps them, the newest 10,000.
import { randomUUID } from "node:crypto";
import type { MetricsRow, ReadMetricsQuery } from "../contract/prediction.ts";
import type { JsonObject, JsonValue } from "../contract/signature.ts";
import type { ServingContext } from "../contract/symbols.ts";
import { runPrediction } from "./prediction-context.ts";

/** The deployment that calls belong to where nothing is deployed. */
export const developmentCrn = "crn:cellwright:ml:::workspace:dev/model-deployment";
const limit = 10_000;
const records: MetricsRow[] = [];

/** Runs `predict` as one prediction and keeps its record, also when it throws. */
export function recordInDevelopment<R>(request: JsonObject, predict: () => R): R {
  const context: ServingContext = {
    uuid: randomUUID(),
    deploymentCrn: developmentCrn,
    metrics: {},
  };
  const startTimeStampMs = Date.now();
  const keep = (outcome: Partial<MetricsRow> & { status: number }): void => {
    records.push(rowOf(context, request, startTimeStampMs, outcome));
    if (records.length > limit) records.splice(0, records.length - limit);
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

/** The records that a query asks for, oldest first. */
export function readDevelopmentRecords(query: ReadMetricsQuery): MetricsRow[] {
  const { startTimestampMs = -Infinity, endTimestampMs = Infinity } = query;
  return records.filter(
    (row) =>
      (query.predictionUuid === undefined || row.predictionUuid === query.predictionUuid) &&
      (query.modelDeploymentCrn === undefined || row.modelDeploymentCrn === query.modelDeploymentCrn) &&
      (query.modelBuildCrn === undefined || row.modelBuildCrn === query.modelBuildCrn) &&
      (query.modelCrn === undefined || row.modelCrn === query.modelCrn) &&
      row.startTimeStampMs >= startTimestampMs &&
      row.endTimeStampMs <= endTimestampMs,
  );
}

function rowOf(
  context: ServingContext,
  request: JsonObject,
  startTimeStampMs: number,
  outcome: Partial<MetricsRow> & { status: number },
): MetricsRow {
  return {
    modelDeploymentCrn: context.deploymentCrn,
    modelBuildCrn: "crn:cellwright:ml:::workspace:dev/model-build",
    modelCrn: "crn:cellwright:ml:::workspace:dev/model",
    startTimeStampMs,
    endTimeStampMs: Date.now(),
    predictionUuid: context.uuid,
    request,
    metrics: { ...context.metrics },
    ...outcome,
  };
}
