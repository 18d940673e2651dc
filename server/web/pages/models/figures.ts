// What a row of the models' table says of a model's calls: read for the rows in sight, and for all of them only to sort by it.
import { queryOptions } from "@tanstack/react-query";
import type { DriftReport, PredictionPage, Windows } from "../../../../lib/contract/monitoring.ts";
import type { PredictionSeries } from "../../../../lib/contract/prediction.ts";
import { getJson } from "../../parts/api.ts";
import { modelPath } from "../../parts/model-paths.ts";

/** Figures are as old as this at most; the page of a model is the live one. */
const staleTime = 15_000;

export interface CallFigures {
  readonly calls: number;
  readonly lastAt: number | null;
}

export interface ScoreFigures {
  /** Accuracy of the latest window that has one. */
  readonly accuracy: number | null;
  readonly alerted: boolean;
}

export interface DriftFigures {
  /** null where there is no reference or nothing to compare. */
  readonly drifted: number | null;
  readonly features: number;
}

export function callFigures(model: string) {
  return queryOptions({
    queryKey: ["model-calls", model],
    staleTime,
    queryFn: async ({ signal }): Promise<CallFigures> => {
      const [{ total }, { items }] = await Promise.all([
        getJson<PredictionSeries>(`${modelPath(model)}/series?points=1`, signal),
        getJson<PredictionPage>(`${modelPath(model)}/predictions?page_size=1`, signal),
      ]);
      return { calls: total, lastAt: items[0]?.startTimestampMs ?? null };
    },
  });
}

export function scoreFigures(model: string) {
  return queryOptions({
    queryKey: ["model-score", model],
    staleTime,
    queryFn: async ({ signal }) => latestScore(await getJson<Windows>(`${modelPath(model)}/windows`, signal)),
  });
}

export function driftFigures(model: string) {
  return queryOptions({
    queryKey: ["model-drift", model],
    staleTime,
    queryFn: async ({ signal }): Promise<DriftFigures> => {
      const report = await getJson<DriftReport | null>(`${modelPath(model)}/drift`, signal);
      if (!report || report.compared === 0) return { drifted: null, features: 0 };
      return { drifted: report.features.filter(({ drifted }) => drifted).length, features: report.features.length };
    },
  });
}

export function latestScore({ windows, alerts }: Windows): ScoreFigures {
  const latest = windows.findLast(({ metrics }) => typeof metrics["accuracy"] === "number");
  if (!latest) return { accuracy: null, alerted: false };
  const alerted = alerts.some(
    ({ rule, startTimestampMs, endTimestampMs }) =>
      rule.metric === "accuracy" &&
      startTimestampMs === latest.startTimestampMs &&
      endTimestampMs === latest.endTimestampMs,
  );
  return { accuracy: latest.metrics["accuracy"] as number, alerted };
}
