// How the values of a column spread: counts per bin of numbers, per value of text. Counted here, so that a plot stays small.
import { requirePositiveInteger } from "../core/check.ts";
import { columnOf, type FrameLike } from "../frame/columns.ts";
import { formatCount, formatNumber } from "./format-value.ts";
import { layoutOf, type Plot, type PlotOptions, plot, sentence } from "./plot.ts";
import { groupsOf, isNumeric, naturally, numbersAt } from "./plot-data.ts";

export interface HistogramOptions extends PlotOptions {
  /** Column whose values are counted. */
  readonly x: string;
  /** A bar of its own for each value of this column. Default none. */
  readonly by?: string;
  /** About so many bins of round width. Default 30. */
  readonly bins?: number;
}

/** @throws RangeError no such column */
export function histogram(frame: FrameLike, { x, by, bins = 30, ...options }: HistogramOptions): Plot {
  requirePositiveInteger("bins", bins);
  const groups = groupsOf(frame, by);
  const all = groups.flatMap(({ rows }) => rows);
  const numeric = isNumeric(frame, x);
  const numbers = numeric ? numbersAt(frame, x, all) : [];
  const edges = numeric ? roundEdges(numbers, bins) : [];
  const levels = numeric ? [] : levelsOf(columnOf(frame, x));
  const traces = groups.map(({ name, rows }) => {
    const counts = numeric
      ? countBetween(numbersAt(frame, x, rows), edges)
      : countLevels(columnOf(frame, x), rows, levels);
    const width = edges.length > 1 ? edges[1]! - edges[0]! : undefined;
    return {
      type: "bar",
      name,
      x: numeric ? counts.map((_, i) => (edges[i]! + edges[i + 1]!) / 2) : levels,
      y: counts,
      width,
      showlegend: by !== undefined,
      opacity: groups.length > 1 && numeric ? 0.65 : 1,
      ...(numeric && { customdata: counts.map((_, i) => [edges[i], edges[i + 1]]), hovertemplate: binHover }),
    };
  });
  const shape = numeric
    ? { bargap: 0.02, barmode: groups.length > 1 ? "overlay" : "stack" }
    : { bargap: 0.25, barmode: "group" };
  return plot({
    data: traces,
    layout: { ...layoutOf({ xTitle: x, yTitle: "rows", ...options }), hovermode: "closest", ...shape },
    text: sentence(
      options.title,
      `Histogram of ${x}`,
      numeric ? spreadText(numbers) : levelText(traces[0]?.y ?? [], levels, by),
    ),
  });
}

const binHover = "%{customdata[0]:.6~g} to %{customdata[1]:.6~g}: %{y:,} rows<extra>%{fullData.name}</extra>";

/** Edges at round numbers (1, 2, 2.5 or 5 times a power of ten) around all values; whole numbers get bins of whole width. */
function roundEdges(values: readonly number[], bins: number): number[] {
  if (values.length === 0) return [0, 1];
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  const whole = values.every(Number.isInteger);
  const width = roundWidth((high - low) / bins, Math.max(-low, high), whole);
  const first = Math.floor(low / width);
  const last = Math.floor(high / width) + 1;
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * width);
}

/** @param size the largest value's: bins finer than its digits would be none */
function roundWidth(wanted: number, size: number, whole: boolean): number {
  if (whole) return Math.max(1, Math.ceil(roundUp(wanted)));
  return roundUp(wanted > size * 1e-9 && wanted > 1e-300 ? wanted : Math.max(size / 10, 1e-300));
}

function roundUp(wanted: number): number {
  if (wanted === 0) return 0;
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((width) => width >= wanted * 0.999)!;
}

function countBetween(values: readonly number[], edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length - 1).fill(0);
  const width = edges[1]! - edges[0]!;
  for (const value of values) {
    const bin = Math.min(counts.length - 1, Math.max(0, Math.floor(value / width) - Math.round(edges[0]! / width)));
    counts[bin]! += 1;
  }
  return counts;
}

function levelsOf(values: ArrayLike<unknown>): string[] {
  return [...new Set(Array.from(values, (value) => String(value ?? "null")))].sort(naturally);
}

function countLevels(values: ArrayLike<unknown>, rows: readonly number[], levels: readonly string[]): number[] {
  const place = new Map(levels.map((level, i) => [level, i]));
  const counts = levels.map(() => 0);
  for (const i of rows) counts[place.get(String(values[i] ?? "null"))!]! += 1;
  return counts;
}

function spreadText(values: readonly number[]): string {
  if (values.length === 0) return "no values";
  const sorted = [...values].sort((a, b) => a - b);
  const [low, middle, high] = [sorted[0]!, sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1)!];
  return `${formatCount(values.length)} values from ${formatNumber(low)} to ${formatNumber(high)}, median ${formatNumber(middle)}`;
}

function levelText(counts: readonly number[], levels: readonly string[], by: string | undefined): string {
  if (by) return `${levels.length} values by ${by}`;
  return levels
    .slice(0, 12)
    .map((level, i) => `${level} ${formatCount(counts[i]!)}`)
    .join(", ");
}
