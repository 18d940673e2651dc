// How a deployed model is doing, as the server sees it: scores of its windows, rules that raise alerts, drift of its inputs.
import type { DriftReport, MonitorRule, NewMonitorRule, Windows } from "../contract/monitoring.ts";
import { requestJson } from "../core/request-json.ts";
import { requireServer } from "./find-server.ts";

/** A range of time in milliseconds since 1970; without an end it is open there. */
export interface TimeRange {
  readonly start?: number;
  readonly end?: number;
}

/**
 * Raises an alert for every window, or drift, on the wrong side of a threshold. The same metric and side again replaces it.
 *
 * @example await setRule("churn", { metric: "accuracy", when: "below", threshold: 0.7 })
 * @throws Error no server runs; ServerError no such model (404)
 */
export async function setRule(model: string, rule: NewMonitorRule): Promise<MonitorRule> {
  const server = await requireServer(`set a rule for ${model}`);
  return requestJson<MonitorRule>(server, "POST", `${pathOf(model)}/rules`, rule);
}

/**
 * Aggregate metrics of a model by window, with its rules and the alerts they raise.
 *
 * @throws Error no server runs; ServerError no such model (404)
 */
export async function readWindows(model: string, range: TimeRange = {}): Promise<Windows> {
  const server = await requireServer(`read the windows of ${model}`);
  return requestJson<Windows>(server, "GET", `${pathOf(model)}/windows${queryOf(range)}`);
}

/**
 * What a model was asked, against the rows it learnt from.
 *
 * @returns null where the build brought no reference rows
 * @throws Error no server runs; ServerError no such model (404)
 */
export async function readDrift(model: string, range: TimeRange = {}): Promise<DriftReport | null> {
  const server = await requireServer(`read the drift of ${model}`);
  return requestJson<DriftReport | null>(server, "GET", `${pathOf(model)}/drift${queryOf(range)}`);
}

function pathOf(model: string): string {
  return `/api/v2/models/${encodeURIComponent(model)}`;
}

function queryOf({ start, end }: TimeRange): string {
  const query = new URLSearchParams({
    ...(start !== undefined && { start: String(start) }),
    ...(end !== undefined && { end: String(end) }),
  });
  return query.size > 0 ? `?${query}` : "";
}
