// How a number spreads in each group: median, quartiles, whiskers to the last value within 1.5 quartile ranges (Tukey).
import { quantiles } from "../core/statistics.ts";
import type { FrameLike } from "../frame/columns.ts";
import { formatNumber } from "./format-value.ts";
import { layoutOf, type Plot, type PlotOptions, plot, sentence } from "./plot.ts";
import { groupsOf, numbersAt, requireNumeric, sampleRows } from "./plot-data.ts";

export interface BoxPlotOptions extends PlotOptions {
  /** Column of numbers. */
  readonly y: string;
  /** One box for each value of this column. Default one box. */
  readonly x?: string;
}

/** @throws RangeError no such column; TypeError `y` holds no numbers */
export function boxPlot(frame: FrameLike, { x, y, ...options }: BoxPlotOptions): Plot {
  requireNumeric(frame, y, "a box plot");
  const boxes = groupsOf(frame, x)
    .map(({ name, rows }) => ({ name: name || y, values: numbersAt(frame, y, rows).sort((a, b) => a - b) }))
    .filter(({ values }) => values.length > 0)
    .map(({ name, values }) => ({ name, ...boxOf(values) }));
  return plot({
    data: boxes.map((box) => ({
      type: "box",
      name: box.name,
      x: [box.name],
      q1: [box.q1],
      median: [box.median],
      q3: [box.q3],
      lowerfence: [box.low],
      upperfence: [box.high],
      ...(box.outliers.length > 0 && { y: [box.outliers], boxpoints: "outliers" }),
      showlegend: false,
      marker: { size: 3, opacity: 0.5 },
    })),
    layout: { ...layoutOf({ xTitle: x ?? "", yTitle: y, ...options }), hovermode: "closest" },
    text: sentence(
      options.title,
      ...boxes.map(
        ({ name, q1, median, q3 }) =>
          `${name}: median ${formatNumber(median)}, quartiles ${formatNumber(q1)} and ${formatNumber(q3)}`,
      ),
    ),
  });
}

/** Outliers drawn per box; more say nothing more. */
const outlierLimit = 200;

function boxOf(sorted: readonly number[]) {
  const [q1, median, q3] = quantiles(sorted, [0.25, 0.5, 0.75]) as unknown as [number, number, number];
  const reach = 1.5 * (q3 - q1);
  const inside = sorted.filter((value) => value >= q1 - reach && value <= q3 + reach);
  const outside = sorted.filter((value) => value < q1 - reach || value > q3 + reach);
  const outliers = sampleRows(outside, outlierLimit).rows;
  return { q1, median, q3, low: inside[0] ?? q1, high: inside.at(-1) ?? q3, outliers };
}
