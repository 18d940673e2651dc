// What Home shows of a model: its calls at a glance and its last window.
import { queryOptions } from "@tanstack/react-query";
import type { Windows } from "../../../../lib/contract/monitoring.ts";
import type { PredictionSeries } from "../../../../lib/contract/prediction.ts";
import { getJson } from "../../parts/api.ts";
import { modelPath } from "../../parts/model-paths.ts";

/** Enough for a sparkline. */
const points = 50;

export function glanceQuery(name: string) {
  return queryOptions({
    queryKey: ["series", name, "glance"],
    queryFn: ({ signal }) => getJson<PredictionSeries>(`${modelPath(name)}/series?points=${points}`, signal),
  });
}

export function lastWindowQuery(name: string) {
  return queryOptions({
    queryKey: ["windows", name, "glance"],
    queryFn: ({ signal }) => getJson<Windows>(`${modelPath(name)}/windows`, signal),
  });
}
