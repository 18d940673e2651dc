// What is said of predictions after they were made: values by uuid, and scores of stretches of calls. On the disk when it
// resolves; a batch is kept whole or refused whole.
import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../lib/contract/signature.ts";
import { quote } from "../../lib/core/check.ts";
import type { Principal } from "../auth/principal.ts";
import { BadRequestError, NotFoundError } from "../errors.ts";
import type { AggregateStore } from "./aggregate-store.ts";
import type { LiveEvents } from "./live-events.ts";
import type { PrometheusMetrics } from "./prometheus.ts";

export interface LaterMetrics {
  /** @throws NotFoundError a uuid that no recorded call has; nothing of the batch is kept */
  trackDelayedMetrics(by: Principal, items: DelayedItems): Promise<void>;
  /** @throws NotFoundError a deployment that answered no call; BadRequestError a stretch that ends before it starts */
  trackAggregateMetrics(by: Principal, items: AggregateItems): Promise<void>;
}

export type DelayedItems = readonly { readonly predictionUuid: string; readonly metrics: JsonObject }[];
export type AggregateItems = readonly {
  readonly modelDeploymentCrn: string;
  readonly startTimestampMs: number;
  readonly endTimestampMs: number;
  readonly metrics: JsonObject;
}[];

export interface LaterMetricsParts {
  readonly store: AggregateStore;
  readonly events: Pick<LiveEvents, "metricsTracked">;
  readonly prometheus: Pick<PrometheusMetrics, "observeWindow">;
  readonly clock: () => number;
}

export function createLaterMetrics({ store, events, prometheus, clock }: LaterMetricsParts): LaterMetrics {
  const ownerOf = (by: Principal) => ({ project: by.project, createdBy: by.id, now: clock() });
  return {
    async trackDelayedMetrics(by, items) {
      const merged = new Map<string, JsonObject>();
      for (const { predictionUuid, metrics } of items) {
        const uuid = predictionUuid.toLowerCase();
        merged.set(uuid, { ...merged.get(uuid), ...metrics });
      }
      const batch = [...merged].map(([uuid, metrics]) => ({ uuid, metrics }));
      const outcome = await store.mergeDelayed({ ...ownerOf(by), items: batch });
      if ("unknown" in outcome) {
        throw new NotFoundError(
          `Cannot track delayed metrics: found no prediction ${quote(outcome.unknown)}; nothing of the batch was kept`,
        );
      }
      for (const { crn, predictions } of outcome.models) events.metricsTracked(crn, { delayed: predictions });
    },

    async trackAggregateMetrics(by, items) {
      const stretches = stretchesOf(items);
      const outcome = await store.mergeAggregates({ ...ownerOf(by), items: stretches });
      if ("unknown" in outcome) {
        throw new NotFoundError(
          `Cannot track aggregate metrics: found no calls of deployment "${outcome.unknown.slice(0, 200)}"; nothing of the batch was kept`,
        );
      }
      for (const { crn, aggregates } of outcome.models) events.metricsTracked(crn, { aggregate: aggregates });
      for (const { deploymentCrn, endedAt: end, metrics } of stretches) {
        prometheus.observeWindow({ deploymentCrn, end, accuracy: metrics["accuracy"] });
      }
    },
  };
}

interface Stretch {
  readonly id: string;
  readonly deploymentCrn: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly metrics: JsonObject;
}

/** Each stretch of a deployment once, in whole milliseconds. */
function stretchesOf(items: AggregateItems): Stretch[] {
  const stretches = new Map<string, Stretch>();
  for (const { modelDeploymentCrn: deploymentCrn, startTimestampMs, endTimestampMs, metrics } of items) {
    requireStretch(startTimestampMs, endTimestampMs);
    const [startedAt, endedAt] = [Math.floor(startTimestampMs), Math.ceil(endTimestampMs)];
    const key = `${startedAt} ${endedAt} ${deploymentCrn}`;
    const before = stretches.get(key) ?? { id: randomUUID(), deploymentCrn, startedAt, endedAt, metrics: {} };
    stretches.set(key, { ...before, metrics: { ...before.metrics, ...metrics } });
  }
  return [...stretches.values()];
}

function requireStretch(start: number, end: number): void {
  if (start <= end && Math.max(Math.abs(start), Math.abs(end)) <= 8.64e15) return;
  throw new BadRequestError(
    `Cannot track aggregate metrics: found a stretch from ${start} to ${end}, expected milliseconds since 1970, the end not before the start`,
  );
}
