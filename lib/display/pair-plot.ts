// Every column against every other, and each alone on the diagonal.
import { columnOf, type FrameLike, rowsOf } from "../frame/columns.ts";
import { formatCount } from "./format-value.ts";
import { histogram } from "./histogram.ts";
import { escapeHtml } from "./html.ts";
import { layoutOf, type Plot, type PlotOptions, plot, sentence } from "./plot.ts";
import { groupsOf, requireNumeric, sampleRows } from "./plot-data.ts";
import { seriesColours } from "./template.ts";

export interface PairPlotOptions extends Omit<PlotOptions, "xTitle" | "yTitle"> {
  /** Columns of numbers, two to six. */
  readonly columns: readonly string[];
  /** A colour for each value of this column. Default one colour. */
  readonly by?: string;
  /** More rows than this are drawn as a sample, with a notice. Default 1000. */
  readonly maxPoints?: number;
}

/** @throws RangeError no such column, or not two to six; TypeError a column holds no numbers */
export function pairPlot(frame: FrameLike, { columns, by, maxPoints = 1000, ...options }: PairPlotOptions): Plot {
  const n = columns.length;
  if (n < 2 || n > 6) throw new RangeError(`Cannot draw a pair plot: found ${n} columns, expected two to six`);
  for (const column of columns) requireNumeric(frame, column, "a pair plot");
  const drawn = sampleRows(
    Array.from({ length: rowsOf(frame) }, (_, i) => i),
    maxPoints,
  );
  const kept = new Set(drawn.rows);
  const groups = groupsOf(frame, by).map(({ name, rows }) => ({ name, rows: rows.filter((i) => kept.has(i)) }));
  const traces = columns.flatMap((y, row) =>
    columns.flatMap((x, column) => {
      const axes = { xaxis: axis("x", column + 1), yaxis: axis("y", row === column ? n * n + row + 1 : row + 1) };
      return row === column ? diagonal(frame, x, by, axes, row) : points(frame, x, y, groups, axes);
    }),
  );
  return plot({
    data: traces,
    layout: {
      ...layoutOf({ height: 190 * n, ...options }, drawn.notice),
      ...gridAxes(columns),
      hovermode: "closest",
      barmode: "overlay",
      bargap: 0.02,
    },
    text: sentence(
      options.title,
      `Pairs of ${columns.join(", ")}${by ? ` by ${by}` : ""}, ${formatCount(rowsOf(frame))} rows`,
      drawn.notice,
    ),
  });
}

function axis(letter: "x" | "y", number: number): string {
  return number === 1 ? letter : `${letter}${number}`;
}

interface Axes {
  readonly xaxis: string;
  readonly yaxis: string;
}

function points(
  frame: FrameLike,
  x: string,
  y: string,
  groups: readonly { name: string; rows: readonly number[] }[],
  axes: Axes,
): object[] {
  const [xs, ys] = [columnOf(frame, x), columnOf(frame, y)];
  return groups.map(({ name, rows }, i) => ({
    type: "scatter",
    mode: "markers",
    name,
    legendgroup: name,
    showlegend: false,
    x: rows.map((row) => xs[row]),
    y: rows.map((row) => ys[row]),
    marker: { size: 3, opacity: 0.5, color: colourOf(i) },
    ...axes,
  }));
}

/** The histogram's bars on an axis of their own, so that counts do not stretch the row's. */
function diagonal(frame: FrameLike, x: string, by: string | undefined, axes: Axes, row: number): object[] {
  return histogram(frame, { x, bins: 20, ...(by !== undefined && { by }) }).data.map((bar, i) => ({
    ...bar,
    legendgroup: (bar as { name: string }).name,
    showlegend: row === 0 && by !== undefined,
    marker: { color: colourOf(i) },
    ...axes,
  }));
}

function colourOf(group: number): string {
  return seriesColours[group % seriesColours.length]!;
}

function gridAxes(columns: readonly string[]): Record<string, object> {
  const n = columns.length;
  const span = (i: number): [number, number] => [(i + 0.06) / n, (i + 0.94) / n];
  const axes: Record<string, object> = {};
  for (const [i, name] of columns.entries()) {
    const title = { text: escapeHtml(name) };
    const id = i === 0 ? "" : String(i + 1);
    axes[`xaxis${id}`] = { domain: span(i), anchor: axis("y", n), title };
    axes[`yaxis${id}`] = { domain: span(n - 1 - i), anchor: "x", title };
    axes[`yaxis${n * n + i + 1}`] = {
      domain: span(n - 1 - i),
      anchor: axis("x", i + 1),
      showticklabels: false,
      showgrid: false,
    };
  }
  return axes;
}
