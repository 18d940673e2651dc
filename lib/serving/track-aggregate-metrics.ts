// Tracks what is known of a stretch of calls: the accuracy of a window.
import type { JsonObject } from "../contract/signature.ts";
import { requestJson } from "../core/request-json.ts";
import { type ServerAddress, serverAddress } from "../core/settings.ts";
import { developmentCrn, mergeAggregateMetrics } from "./development.ts";
import { metricValues } from "./metric-value.ts";

/** Metrics of one stretch of a deployment's calls. */
export interface AggregateMetricsItem {
  readonly modelDeploymentCrn: string;
  /** Milliseconds since 1970. */
  readonly startTimestampMs: number;
  readonly endTimestampMs: number;
  readonly metrics: { readonly [key: string]: unknown };
}

/** What crosses HTTP, and what memory keeps. */
export type CheckedAggregate = Omit<AggregateMetricsItem, "metrics"> & { readonly metrics: JsonObject };

const atOnce = 10_000;

/**
 * Keeps values for a stretch of a deployment's calls; the same deployment and stretch again merges. `readMetrics` returns them with
 * an empty `predictionUuid`. Kept when it resolves.
 *
 * Many stretches at once take a list. Up to 10,000 are all kept or none; a longer list goes in parts of 10,000.
 *
 * @param values as `trackMetric` takes them
 * @throws ServerError no such deployment (404), or the server does not answer
 * @throws RangeError a stretch ends before it starts
 */
export async function trackAggregateMetrics(items: readonly AggregateMetricsItem[]): Promise<void>;
export async function trackAggregateMetrics(
  values: { readonly [key: string]: unknown },
  startTimestampMs: number,
  endTimestampMs: number,
  modelDeploymentCrn: string,
): Promise<void>;
export async function trackAggregateMetrics(
  what: { readonly [key: string]: unknown } | readonly AggregateMetricsItem[],
  startTimestampMs = 0,
  endTimestampMs = 0,
  modelDeploymentCrn = developmentCrn,
): Promise<void> {
  const items = (isList(what) ? what : [{ modelDeploymentCrn, startTimestampMs, endTimestampMs, metrics: what }]).map(
    checked,
  );
  const deployed = items.filter((item) => item.modelDeploymentCrn !== developmentCrn);
  if (deployed.length > 0) await send(requireAddress(deployed[0]!), deployed);
  mergeAggregateMetrics(items.filter((item) => item.modelDeploymentCrn === developmentCrn));
}

async function send(server: ServerAddress, items: readonly CheckedAggregate[]): Promise<void> {
  for (let at = 0; at < items.length; at += atOnce) {
    await requestJson(server, "POST", "/api/v2/metrics/aggregate", { items: items.slice(at, at + atOnce) });
  }
}

function checked(item: AggregateMetricsItem): CheckedAggregate {
  const { startTimestampMs: start, endTimestampMs: end } = item;
  if (start <= end) return { ...item, metrics: metricValues(item.metrics) };
  throw new RangeError(
    `Cannot track aggregate metrics: found the stretch ${start} to ${end}, expected an end that is not before its start`,
  );
}

function requireAddress({ modelDeploymentCrn }: CheckedAggregate): ServerAddress {
  const server = serverAddress();
  if (server) return server;
  throw new Error(
    `Cannot track aggregate metrics of ${modelDeploymentCrn}: found no server, expected one started by \`npm start\` (or CELLWRIGHT_URL)`,
  );
}

function isList(what: object): what is readonly AggregateMetricsItem[] {
  return Array.isArray(what);
}
