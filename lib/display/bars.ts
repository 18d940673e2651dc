// A number for each of some names. Where some are below zero the colour tells the sign: blue below, red above.
import { columnNamesOf, columnOf, type FrameLike } from "../frame/columns.ts";
import { formatNumber } from "./format-value.ts";
import { layoutOf, type Plot, type PlotOptions, plot, sentence } from "./plot.ts";
import { groupsOf, requireNumeric } from "./plot-data.ts";

export interface BarsOptions extends PlotOptions {
  /** Column of names. Default the first. */
  readonly x?: string;
  /** Column of numbers. Default the second. */
  readonly y?: string;
  /** Bars side by side for each value of this column. Default none. */
  readonly by?: string;
  /** Names down the side, first on top: for long names; `xTitle` is then the numbers' title. Default false. */
  readonly horizontal?: boolean;
  /** Blue below zero, red above. Default: when a number is below zero and there is no `by`. */
  readonly signColours?: boolean;
}

/** Name → number, as an explanation's weights. */
export type NamedNumbers = { readonly [name: string]: number };

/**
 * @param data a table, or names with their numbers
 * @throws RangeError no such column; TypeError `y` holds no numbers
 */
export function bars(data: FrameLike | NamedNumbers, options: BarsOptions = {}): Plot {
  const frame = isNamedNumbers(data) ? { name: Object.keys(data), value: Object.values(data) } : (data as FrameLike);
  const names = columnNamesOf(frame);
  const {
    x = names[0] ?? "",
    y = names[1] ?? "",
    by,
    horizontal = false,
    signColours,
    xTitle,
    yTitle,
    ...others
  } = options;
  requireNumeric(frame, y, "bars");
  const labels = columnOf(frame, x);
  const values = columnOf(frame, y) as ArrayLike<number>;
  const groups = groupsOf(frame, by);
  const signed = signColours ?? (by === undefined && Array.from(values).some((value) => value < 0));
  const traces = groups.map(({ name, rows }) => {
    const [along, sizes] = [rows.map((i) => String(labels[i])), rows.map((i) => values[i])];
    return {
      type: "bar",
      name,
      orientation: horizontal ? "h" : "v",
      x: horizontal ? sizes : along,
      y: horizontal ? along : sizes,
      showlegend: by !== undefined,
      ...(signed && { marker: { color: sizes.map((size) => (Number(size) < 0 ? belowZero : aboveZero)) } }),
    };
  });
  const titles = {
    xTitle: xTitle ?? shownName(isNamedNumbers(data), horizontal ? y : x),
    yTitle: yTitle ?? shownName(isNamedNumbers(data), horizontal ? x : y),
  };
  return plot({
    data: traces,
    layout: withAxes(layoutOf({ ...heightFor(horizontal, labels.length), ...others, ...titles }), horizontal, signed),
    text: sentence(
      others.title,
      ...groups.map(({ name, rows }) => (name && `${name}: `) + valueText(rows, labels, values)),
    ),
  });
}

/** Ends of the diverging scale. */
const belowZero = "#4393c3";
const aboveZero = "#d6604d";

function isNamedNumbers(data: FrameLike | NamedNumbers): data is NamedNumbers {
  if (typeof (data as { columnNames?: unknown }).columnNames === "function") return false;
  const values = Object.values(data as object);
  return values.length > 0 && values.every((value) => typeof value === "number");
}

/** Names and numbers of a record have no column names worth a title. */
function shownName(anonymous: boolean, name: string): string {
  return anonymous ? "" : name;
}

function heightFor(horizontal: boolean, bars: number): { height?: number } {
  return horizontal ? { height: Math.max(240, 110 + 26 * bars) } : {};
}

function withAxes(layout: Record<string, unknown>, horizontal: boolean, signed: boolean): object {
  const names = { type: "category", automargin: true, ...(horizontal && { autorange: "reversed", showgrid: false }) };
  const sizes = { zeroline: signed, zerolinewidth: 1, ...(horizontal && { showgrid: true }) };
  return {
    ...layout,
    xaxis: { ...(layout["xaxis"] as object), ...(horizontal ? sizes : names) },
    yaxis: { ...(layout["yaxis"] as object), ...(horizontal ? names : sizes) },
    hovermode: "closest",
    bargap: 0.25,
  };
}

function valueText(rows: readonly number[], labels: ArrayLike<unknown>, values: ArrayLike<number>): string {
  const shown = rows.slice(0, 20).map((i) => `${labels[i]} ${formatNumber(values[i]!)}`);
  return rows.length > 20 ? `${shown.join(", ")} and ${rows.length - 20} more` : shown.join(", ");
}
