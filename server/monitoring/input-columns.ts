// What recorded calls asked, as columns. Pure.
import type { ReferenceRows } from "../../lib/contract/monitoring.ts";
import type { JsonObject, JsonValue } from "../../lib/contract/signature.ts";

/** JSON as the tables keep it. */
export interface RecordedCall {
  readonly request: string;
  readonly metrics: string;
}

/** What each call's model saw (tracked as `input_data`), else what was asked of it; null where a feature was not named. */
export function inputColumns(calls: readonly RecordedCall[], features: readonly string[]): ReferenceRows {
  const inputs = calls.map(inputOf);
  return Object.fromEntries(features.map((feature) => [feature, inputs.map((input) => input[feature] ?? null)]));
}

function inputOf({ request, metrics }: RecordedCall): JsonObject {
  return asObject((JSON.parse(metrics) as JsonObject)["input_data"]) ?? asObject(JSON.parse(request)) ?? {};
}

function asObject(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}
