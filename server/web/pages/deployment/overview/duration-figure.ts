// How long each call took, failed ones apart. Pure: a series to a figure.

import type { PredictionSeries } from "../../../../../lib/contract/prediction.ts";
import { toCsv } from "../../../parts/csv.ts";
import type { Figure } from "../../../parts/figure.ts";
import { atMost, counted, wallTime } from "../../../parts/numbers.ts";
import { downsamplingNote, drawnAs, fixedMargins, markOf, plotMargins, type TimeAxis } from "./axis.ts";
import { failureColour } from "./failure-colour.ts";

export function durationFigure(series: PredictionSeries, xaxis: TimeAxis): Figure {
  const { points, latencyMs } = series;
  const title = latencyMs
    ? `Half of the calls took ${atMost(latencyMs.p50)}, 95\u00a0% took ${atMost(latencyMs.p95)}`
    : "No call was measured";
  const failed = points.status.some((status) => status >= 400);
  return {
    title,
    summary: `${title}. ${counted(points.startTimestampMs.length, "call")} drawn over time.`,
    data: [
      {
        ...marks(points, (status) => status < 400),
        ...drawnAs(series),
        name: "answered",
      },
      ...(failed
        ? [
            {
              ...marks(points, (status) => status >= 400),
              mode: "markers" as const,
              name: "failed",
              marker: { ...markOf(points.status.length), color: failureColour, symbol: "x" as const },
            },
          ]
        : []),
    ],
    layout: {
      xaxis,
      yaxis: { title: { text: "Processing time (ms)" }, rangemode: "tozero", fixedrange: true, ...fixedMargins },
      showlegend: failed,
      margin: plotMargins({ legend: failed }),
      legend: { itemsizing: "constant" },
    },
    csv: () =>
      toCsv({
        uuid: points.uuid,
        start: points.startTimestampMs.map((time) => new Date(time).toISOString()),
        durationMs: points.durationMs,
        status: points.status,
      }),
    fileName: "processing-time",
    note: downsamplingNote(series),
  };
}

function marks(
  { startTimestampMs, durationMs, status }: PredictionSeries["points"],
  keep: (status: number) => boolean,
) {
  const kept = [...status.keys()].filter((index) => keep(status[index]!));
  return {
    type: "scatter" as const,
    x: kept.map((index) => wallTime(startTimestampMs[index]!)),
    y: kept.map((index) => durationMs[index]!),
    hovertemplate: "%{y:.4~g} ms",
    cliponaxis: false,
  };
}
