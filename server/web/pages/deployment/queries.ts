// What the tabs of a model's page read. Keys begin with what live events name: predictions, windows, drift, builds.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Build, Deployment, Page } from "../../../../lib/contract/model.ts";
import type { DriftReport, PredictionPage, PredictionSummary, Windows } from "../../../../lib/contract/monitoring.ts";
import type { MetricsPage, MetricsRow } from "../../../../lib/contract/prediction.ts";
import { getJson, postJson } from "../../parts/api.ts";
import { driftPath, modelPath, predictionsPath, windowsPath } from "../../parts/model-paths.ts";
import type { TimeRange } from "../../parts/time-range.ts";

/** Rows of a read; the table asks for the next as it is scrolled. */
const tableRows = 100;

export interface PredictionFilter {
  readonly range: TimeRange;
  readonly status?: "ok" | "failed" | undefined;
  /** The front of a uuid. */
  readonly uuid?: string | undefined;
}

/** Latest first. Stale only once news came, so that rows do not move under the reader. */
export function predictionsQuery(model: string, { range, status, uuid }: PredictionFilter) {
  return infiniteQueryOptions({
    queryKey: ["predictions", model, { range, status, uuid }],
    queryFn: ({ pageParam, signal }) => {
      const params: Record<string, string> = { page_size: String(tableRows) };
      if (status) params["status"] = status;
      if (uuid) params["uuid"] = uuid;
      if (pageParam) params["page_token"] = pageParam;
      return getJson<PredictionPage>(predictionsPath(model, range, params), signal);
    },
    initialPageParam: "",
    getNextPageParam: ({ next_page_token }) => next_page_token,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

/** The newest of a range. */
export function latestCallsQuery(model: string, range: TimeRange, wanted: number) {
  return queryOptions({
    queryKey: ["latest-calls", model, range],
    queryFn: async ({ signal }) => {
      const path = predictionsPath(model, range, { page_size: String(wanted) });
      return (await getJson<PredictionPage>(path, signal)).items;
    },
  });
}

export interface OnePrediction {
  readonly row: MetricsRow;
  readonly summary: PredictionSummary | undefined;
}

/** All that is kept of one call; null when this model has none of the uuid. */
export function predictionQuery({ name, crn }: { name: string; crn: string }, uuid: string) {
  return queryOptions({
    queryKey: ["prediction", name, uuid],
    queryFn: async ({ signal }): Promise<OnePrediction | null> => {
      const [{ metrics }, { items }] = await Promise.all([
        postJson<MetricsPage>("/api/v2/metrics/read", { modelCrn: crn, predictionUuid: uuid }, signal),
        getJson<PredictionPage>(`${modelPath(name)}/predictions?uuid=${encodeURIComponent(uuid)}&page_size=1`, signal),
      ]);
      const row = metrics[0];
      return row ? { row, summary: items[0] } : null;
    },
  });
}

export function windowsQuery(model: string, range: TimeRange) {
  return queryOptions({
    queryKey: ["windows", model, range],
    queryFn: ({ signal }) => getJson<Windows>(windowsPath(model, range), signal),
  });
}

/** null where the build brought no reference. */
export function driftQuery(model: string, range: TimeRange) {
  return queryOptions({
    queryKey: ["drift", model, range],
    queryFn: ({ signal }) => getJson<DriftReport | null>(driftPath(model, range), signal),
    staleTime: 30_000,
  });
}

export function buildsQuery(model: string) {
  return queryOptions({
    queryKey: ["builds", model],
    queryFn: async ({ signal }) => (await getJson<Page<Build>>(`${modelPath(model)}/builds`, signal)).items,
  });
}

/** Latest first. */
export function deploymentsQuery(model: string) {
  return queryOptions({
    queryKey: ["deployments", model],
    queryFn: async ({ signal }) => (await getJson<Page<Deployment>>(`${modelPath(model)}/deployments`, signal)).items,
  });
}
