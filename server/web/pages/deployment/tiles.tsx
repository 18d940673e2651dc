// Is it healthy? Four figures of the range, each with its course.
import type { PredictionSeries } from "../../../../lib/contract/prediction.ts";
import { count, counted, milliseconds, percent, threeDigits } from "../../parts/numbers.ts";
import { Tile } from "../../parts/tile.tsx";
import { rate } from "./rate.ts";
import styles from "./tiles.module.css";

export function Tiles({ series }: { series: PredictionSeries }) {
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
      <Tile name="Mean probability" {...probabilityFacts(probabilities, series.exact)} course={probabilities} />
    </dl>
  );
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
