// The model that a simulation calls and its records: behind a server, or a function of this process in development.
import type { MetricsRow, ReadMetricsQuery } from "../contract/prediction.ts";
import type { JsonObject } from "../contract/signature.ts";
import { callModel, type ModelEndpoint } from "../platform/call-model.ts";
import { callInDevelopment, developmentCrn } from "../serving/development.ts";
import type { ModelFunction } from "../serving/model-metrics.ts";
import { readMetrics } from "../serving/read-metrics.ts";
import { type AggregateMetricsItem, trackAggregateMetrics } from "../serving/track-aggregate-metrics.ts";
import { type DelayedMetricsItem, trackDelayedMetrics } from "../serving/track-delayed-metrics.ts";

/** A deployed model, as `deploy` and `getModel` return it. */
export interface SimulatedModel extends ModelEndpoint {
  readonly modelCrn: string;
  readonly deployment?: { readonly build: string };
}

/** All that a simulation touches. What has resolved is kept, whatever happens next. */
export interface CallEndpoint {
  /** @returns uuid of the call's record */
  call(request: JsonObject): Promise<string>;
  trackTruths(items: readonly DelayedMetricsItem[]): Promise<void>;
  trackWindow(item: AggregateMetricsItem): Promise<void>;
  /** Records of the model's calls and windows that began then or later; of all when not said. */
  read(startMs?: number): AsyncIterable<readonly MetricsRow[]>;
}

export function endpointOf(model: SimulatedModel | ModelFunction): CallEndpoint {
  const inDevelopment = typeof model === "function";
  const query = inDevelopment ? { modelDeploymentCrn: developmentCrn } : { modelCrn: model.modelCrn };
  return {
    call: inDevelopment ? (request) => callInDevelopment(model, request) : (request) => callDeployed(model, request),
    trackTruths: (items) => trackDelayedMetrics(items),
    trackWindow: (item) => trackAggregateMetrics([item]),
    read: (startMs) => pagesOf({ ...query, ...(startMs !== undefined && { startTimestampMs: startMs }) }),
  };
}

async function callDeployed(model: ModelEndpoint, request: JsonObject): Promise<string> {
  const { uuid } = await callModel(model, request);
  if (uuid !== undefined) return uuid;
  throw new Error("Cannot simulate calls: found a reply without a uuid, expected a model wrapped by modelMetrics");
}

async function* pagesOf(query: ReadMetricsQuery): AsyncGenerator<readonly MetricsRow[]> {
  for (let pageToken: string | undefined, first = true; first || pageToken !== undefined; first = false) {
    const page = await readMetrics({ ...query, pageSize: 1000, ...(pageToken && { pageToken }) });
    yield page.metrics;
    pageToken = page.next_page_token;
  }
}
