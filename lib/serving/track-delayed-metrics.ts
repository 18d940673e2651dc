// Tracks what becomes known of a prediction after its reply: above all the truth.
import type { JsonObject } from "../contract/signature.ts";
import { requestJson } from "../core/request-json.ts";
import { type ServerAddress, serverAddress } from "../core/settings.ts";
import { isDevelopmentPrediction, mergeDelayedMetrics } from "./development.ts";
import { metricValues } from "./metric-value.ts";

/** Metrics of one prediction. */
export interface DelayedMetricsItem {
  readonly predictionUuid: string;
  readonly metrics: { readonly [key: string]: unknown };
}

interface Checked {
  readonly predictionUuid: string;
  readonly metrics: JsonObject;
}

const atOnce = 10_000;

/**
 * Adds values to predictions that were made before; they merge with what is there, a name tracked again takes the new value.
 * Kept when it resolves.
 *
 * Many predictions at once take a list. Up to 10,000 are all kept or none; a longer list goes in parts of 10,000.
 *
 * @param values as `trackMetric` takes them
 * @param uuid of the prediction, as its reply says
 * @throws ServerError no such prediction (404), or the server does not answer
 * @throws Error there is no server and no prediction of this process has the uuid
 */
export async function trackDelayedMetrics(items: readonly DelayedMetricsItem[]): Promise<void>;
export async function trackDelayedMetrics(values: { readonly [key: string]: unknown }, uuid: string): Promise<void>;
export async function trackDelayedMetrics(
  what: { readonly [key: string]: unknown } | readonly DelayedMetricsItem[],
  uuid?: string,
): Promise<void> {
  const items = (isList(what) ? what : [{ predictionUuid: uuid ?? "", metrics: what }]).map(
    ({ predictionUuid, metrics }): Checked => ({ predictionUuid, metrics: metricValues(metrics) }),
  );
  const others = items.filter(({ predictionUuid }) => !isDevelopmentPrediction(predictionUuid));
  if (others.length > 0) await send(requireAddress(others[0]!), others);
  mergeDelayedMetrics(items);
}

async function send(server: ServerAddress, items: readonly Checked[]): Promise<void> {
  for (let at = 0; at < items.length; at += atOnce) {
    await requestJson(server, "POST", "/api/v2/metrics/delayed", { items: items.slice(at, at + atOnce) });
  }
}

function requireAddress({ predictionUuid }: Checked): ServerAddress {
  const server = serverAddress();
  if (server) return server;
  throw new Error(
    `Cannot track delayed metrics: found no prediction ${JSON.stringify(predictionUuid)} in this process and no server, expected a uuid that a reply or readMetrics gave`,
  );
}

function isList(what: object): what is readonly DelayedMetricsItem[] {
  return Array.isArray(what);
}
