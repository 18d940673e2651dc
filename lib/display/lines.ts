// Numbers along an axis, one line a column or a group.
import { columnOf, type FrameLike } from "../frame/columns.ts";
import { formatCount, formatNumber } from "./format-value.ts";
import { layoutOf, type Plot, type PlotOptions, plot, sentence } from "./plot.ts";
import { groupsOf, requireNumeric, thinSeries } from "./plot-data.ts";

export interface LinesOptions extends PlotOptions {
  /** Column along the axis: numbers, dates or text, in the order of the rows. */
  readonly x: string;
  /** Column of numbers, or several: a line each. */
  readonly y: string | readonly string[];
  /** A line for each value of this column. Default none. */
  readonly by?: string;
  /** Mark the points too. Default: when there are at most 30. */
  readonly markers?: boolean;
  /** Longer lines are thinned to the lowest and highest of each stretch, with a notice. Default 2000. */
  readonly maxPoints?: number;
}

/** @throws RangeError no such column; TypeError a `y` holds no numbers */
export function lines(frame: FrameLike, { x, y, by, markers, maxPoints = 2000, ...options }: LinesOptions): Plot {
  const columns = typeof y === "string" ? [y] : y;
  const xs = columnOf(frame, x);
  const series = columns.flatMap((column) => {
    requireNumeric(frame, column, "lines");
    const values = columnOf(frame, column);
    return groupsOf(frame, by).map(({ name, rows }) => ({
      name: [columns.length > 1 && column, name].filter(Boolean).join(" ") || column,
      values,
      ...thinSeries(rows, values, maxPoints),
    }));
  });
  const notice = series.find((one) => one.notice)?.notice;
  return plot({
    data: series.map(({ name, rows, values }) => ({
      type: "scatter",
      mode: (markers ?? rows.length <= 30) ? "lines+markers" : "lines",
      name,
      x: rows.map((i) => xs[i]),
      y: rows.map((i) => values[i]),
      showlegend: series.length > 1,
    })),
    layout: layoutOf({ xTitle: x, yTitle: columns.length === 1 ? columns[0]! : "", ...options }, notice),
    text: sentence(
      options.title,
      ...series.map(({ name, rows, values }) =>
        lineText(
          name,
          rows.map((i) => values[i]),
        ),
      ),
      notice,
    ),
  });
}

function lineText(name: string, values: readonly unknown[]): string {
  const numbers = values.filter((value): value is number => Number.isFinite(value));
  if (numbers.length === 0) return `${name}: no values`;
  const [low, high] = [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))];
  return `${name}: ${formatCount(numbers.length)} points from ${formatNumber(low)} to ${formatNumber(high)}`;
}
