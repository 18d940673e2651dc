// Requests and failures per stretch of time. Pure: a series to a figure.

import type { PredictionSeries } from "../../../../../lib/contract/prediction.ts";
import { toCsv } from "../../../parts/csv.ts";
import type { Figure } from "../../../parts/figure.ts";
import { count, counted, percent, threeDigits, wallTime } from "../../../parts/numbers.ts";
import { fixedMargins, plotMargins, type TimeAxis } from "./axis.ts";
import { failureColour } from "./failure-colour.ts";

export function callsFigure({ total, failed, buckets }: PredictionSeries, xaxis: TimeAxis): Figure {
  const title = titleOf(total, failed);
  const highest = Math.max(0, ...buckets.calls);
  const middles = buckets.startTimestampMs.map((start) => wallTime(start + buckets.bucketMs / 2));
  const bars = { type: "bar" as const, x: middles, width: buckets.bucketMs * 0.9 };
  const answered = buckets.calls.map((calls, index) => calls - buckets.failures[index]!);
  return {
    title,
    summary: `${title}. Bars count the calls of each ${stretch(buckets.bucketMs)}; the highest counts ${highest}.`,
    data: [
      { ...bars, name: "answered", y: answered },
      ...(failed > 0 ? [{ ...bars, name: "failed", y: [...buckets.failures], marker: { color: failureColour } }] : []),
    ],
    layout: {
      barmode: "stack",
      xaxis,
      yaxis: {
        title: { text: `Calls per ${stretch(buckets.bucketMs)}` },
        rangemode: "tozero",
        fixedrange: true,
        ...fixedMargins,
        tickformat: ",d",
        ...(highest <= 5 ? { dtick: 1 } : {}),
      },
      showlegend: failed > 0,
      margin: plotMargins({ legend: failed > 0 }),
    },
    csv: () =>
      toCsv({
        start: buckets.startTimestampMs.map((time) => new Date(time).toISOString()),
        calls: buckets.calls,
        failures: buckets.failures,
      }),
    fileName: "requests-and-failures",
  };
}

function titleOf(total: number, failed: number): string {
  if (failed === 0) return `${counted(total, "call")} came in, none failed`;
  return `${counted(total, "call")} came in, ${count(failed)} failed (${percent(failed, total)})`;
}

function stretch(bucketMs: number): string {
  for (const [unit, word, size] of units) {
    if (bucketMs === size) return word;
    if (bucketMs > size) return `${threeDigits(bucketMs / size)} ${unit}`;
  }
  return `${threeDigits(bucketMs)} ms`;
}

const units = [
  ["d", "day", 86_400_000],
  ["h", "hour", 3_600_000],
  ["min", "minute", 60_000],
  ["s", "second", 1000],
] as const;
