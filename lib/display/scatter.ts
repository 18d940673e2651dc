// One number against another, a point a row.
import { columnOf, type FrameLike, rowsOf } from "../frame/columns.ts";
import { formatCount } from "./format-value.ts";
import { layoutOf, type Plot, type PlotOptions, plot, sentence } from "./plot.ts";
import { groupsOf, sampleRows } from "./plot-data.ts";

export interface ScatterOptions extends PlotOptions {
  readonly x: string;
  readonly y: string;
  /** A colour for each value of this column. Default one colour. */
  readonly by?: string;
  /** More rows than this are drawn as a sample, with a notice. Default 5000. */
  readonly maxPoints?: number;
}

/** @throws RangeError no such column */
export function scatter(frame: FrameLike, { x, y, by, maxPoints = 5000, ...options }: ScatterOptions): Plot {
  const total = rowsOf(frame);
  const drawn = sampleRows(
    Array.from({ length: total }, (_, i) => i),
    maxPoints,
  );
  const kept = new Set(drawn.rows);
  const [xs, ys] = [columnOf(frame, x), columnOf(frame, y)];
  const size = drawn.rows.length > 1000 ? 4 : 6;
  return plot({
    data: groupsOf(frame, by).map(({ name, rows }) => {
      const shown = rows.filter((i) => kept.has(i));
      const marker = { size, opacity: drawn.rows.length > 300 ? 0.5 : 0.8 };
      return {
        type: "scatter",
        mode: "markers",
        name,
        x: shown.map((i) => xs[i]),
        y: shown.map((i) => ys[i]),
        marker,
        showlegend: by !== undefined,
      };
    }),
    layout: { ...layoutOf({ xTitle: x, yTitle: y, ...options }, drawn.notice), hovermode: "closest" },
    text: sentence(
      options.title,
      `${y} against ${x}${by ? ` by ${by}` : ""}, ${formatCount(total)} points`,
      drawn.notice,
    ),
  });
}
