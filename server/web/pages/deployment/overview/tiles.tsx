// Is it healthy, is it right? Five figures of the range, each with its course.
import type { UseQueryResult } from "@tanstack/react-query";
import type { DriftReport, Windows } from "../../../../../lib/contract/monitoring.ts";
import type { PredictionSeries } from "../../../../../lib/contract/prediction.ts";
import { count, counted, milliseconds, percent, threeDigits } from "../../../parts/numbers.ts";
import { Tile } from "../../../parts/tile.tsx";
import { rate } from "./rate.ts";
import styles from "./tiles.module.css";
import { metricsOf, scoresOf } from "./windows-figure.ts";

export interface TilesProps {
  readonly series: PredictionSeries;
  readonly windows: Windows | undefined;
  readonly drift: Pick<UseQueryResult<DriftReport | null>, "data" | "error">;
  /** The score shown of windows; else their first. */
  readonly metric: string | undefined;
}

export function Tiles({ series, windows, drift, metric }: TilesProps) {
  const { total, failed, latencyMs, points, buckets } = series;
  const probabilities = points.probability.filter((value) => value !== null);
  const requests = rate(series.requestsPerSecond);
  return (
    <dl className={styles.tiles}>
      <Tile
        name="Requests"
        value={total === 0 ? "0" : requests.value}
        unit={total === 0 ? "calls" : requests.unit}
        detail={total === 0 ? "none in this range" : `${counted(total, "call")} in this range`}
        course={buckets.calls}
      />
      <Tile
        name="Failures"
        value={count(failed)}
        unit={failed === 1 ? "call" : "calls"}
        detail={
          total === 0 ? "no calls" : failed === 0 ? "every call was answered" : `${percent(failed, total)} of all calls`
        }
        tone={failed > 0 ? "bad" : undefined}
        course={failed > 0 ? buckets.failures : undefined}
      />
      <Tile
        name="Processing time (p95)"
        value={latencyMs ? milliseconds(latencyMs.p95) : "–"}
        detail={
          latencyMs ? `median ${milliseconds(latencyMs.p50)}, p99 ${milliseconds(latencyMs.p99)}` : "nothing measured"
        }
        course={points.durationMs}
      />
      {windows && metricsOf(windows).length > 0 ? (
        <ScoreTile windows={windows} metric={metric} />
      ) : (
        <Tile name="Mean probability" {...probabilityFacts(probabilities, series.exact)} course={probabilities} />
      )}
      <Tile name="Drift" {...driftFacts(drift)} />
    </dl>
  );
}

function ScoreTile({ windows, metric }: { windows: Windows; metric: string | undefined }) {
  const metrics = metricsOf(windows);
  const shown = metric && metrics.includes(metric) ? metric : metrics[0]!;
  const scores = scoresOf(windows, shown);
  const last = scores.at(-1)!;
  const wrong = scores.filter(({ alerted }) => alerted).length;
  return (
    <Tile
      name={`${shown.charAt(0).toUpperCase()}${shown.slice(1)} (latest window)`}
      value={threeDigits(last.value)}
      tone={last.alerted ? "bad" : undefined}
      detail={`${wrong === 0 ? "no" : count(wrong)} ${wrong === 1 ? "alert" : "alerts"} in ${counted(scores.length, "window")}`}
      course={scores.map(({ value }) => value)}
    />
  );
}

function driftFacts({ data, error }: TilesProps["drift"]): { value: string; detail: string; tone?: "bad" } {
  if (error && !data) return { value: "–", detail: "could not be read" };
  if (data === undefined) return { value: "…", detail: "being compared" };
  if (data === null) return { value: "–", detail: "no reference rows in this build" };
  if (data.compared === 0) return { value: "–", detail: "no calls to compare" };
  const drifted = data.features.filter((feature) => feature.drifted).map(({ feature }) => feature);
  if (drifted.length === 0) return { value: "none", detail: `in ${counted(data.features.length, "feature")}` };
  return {
    value: `${drifted.length} of ${data.features.length}`,
    detail: `${drifted.slice(0, 2).join(", ")}${drifted.length > 2 ? " …" : ""} drifted`,
    tone: "bad",
  };
}

function probabilityFacts(values: readonly number[], exact: boolean): { value: string; detail: string } {
  if (values.length === 0) return { value: "–", detail: "none tracked" };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = `${threeDigits(Math.min(...values))} to ${threeDigits(Math.max(...values))}`;
  return {
    value: `${exact ? "" : "≈ "}${threeDigits(mean)}`,
    detail: exact ? spread : `${spread}, of the calls drawn`,
  };
}
