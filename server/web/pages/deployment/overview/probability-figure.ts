// Each call's probability over time. Pure: a series to a figure.

import type { PredictionSeries } from "../../../../../lib/contract/prediction.ts";
import { toCsv } from "../../../parts/csv.ts";
import type { Figure } from "../../../parts/figure.ts";
import { counted, threeDigits, wallTime } from "../../../parts/numbers.ts";
import { downsamplingNote, drawnAs, fixedMargins, plotMargins, type TimeAxis } from "./axis.ts";

/** Undefined where the model tracked no probability at all. */
export function probabilityFigure(series: PredictionSeries, xaxis: TimeAxis): Figure | undefined {
  const { points } = series;
  const values = points.probability.filter((value) => value !== null).sort((a, b) => a - b);
  if (values.length === 0) return undefined;
  const title = titleOf(values);
  return {
    title,
    summary: `${title}. ${counted(values.length, "call")} drawn over time; the axis goes from 0 to 1.`,
    data: [
      {
        type: "scatter",
        ...drawnAs(series),
        name: "probability",
        x: points.startTimestampMs.map(wallTime),
        y: [...points.probability],
        hovertemplate: "%{y:.4f}<extra>probability</extra>",
      },
    ],
    layout: {
      xaxis,
      yaxis: { title: { text: "Probability (0 to 1)" }, range: [-0.03, 1.03], fixedrange: true, ...fixedMargins },
      showlegend: false,
      margin: plotMargins({ legend: false }),
    },
    csv: () =>
      toCsv({
        uuid: points.uuid,
        start: points.startTimestampMs.map((time) => new Date(time).toISOString()),
        probability: points.probability,
      }),
    fileName: "probability",
    note: downsamplingNote(series),
  };
}

function titleOf(sorted: readonly number[]): string {
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  if (least === most) return `Every call got the probability ${threeDigits(least)}`;
  const middle = (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
  return `Probabilities lay between ${threeDigits(least)} and ${threeDigits(most)}, half of them below ${threeDigits(middle)}`;
}
