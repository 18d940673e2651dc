// Where the API has what a model's page reads: for its queries, and for the script that asks before they are there.
import { startOf, type TimeRange } from "./time-range.ts";

/** So many calls are drawn one by one; of more, the server picks so many and says so. A plot is some 300 to 600 pixels wide. */
const drawn = { points: "1200", downsample_to: "500" };

export function modelPath(model: string): string {
  return `/api/v2/models/${encodeURIComponent(model)}`;
}

export const newestDeploymentPath = (model: string): string => `${modelPath(model)}/deployments?page_size=1`;

export const seriesPath = (model: string, range: TimeRange): string =>
  `${modelPath(model)}/series?${rangeParams(range, drawn)}`;

export const windowsPath = (model: string, range: TimeRange): string =>
  `${modelPath(model)}/windows?${rangeParams(range)}`;

export const driftPath = (model: string, range: TimeRange): string => `${modelPath(model)}/drift?${rangeParams(range)}`;

export const predictionsPath = (model: string, range: TimeRange, params: Record<string, string>): string =>
  `${modelPath(model)}/predictions?${rangeParams(range, params)}`;

function rangeParams(range: TimeRange, more: Record<string, string> = {}): URLSearchParams {
  const params = new URLSearchParams(more);
  const start = startOf(range);
  if (start !== undefined) params.set("start", String(start));
  if (range.kind === "between") params.set("end", String(range.end));
  return params;
}
