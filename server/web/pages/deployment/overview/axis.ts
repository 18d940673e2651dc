// What the page's plots have in common: one time axis in local time, one look of titles.
import type { PredictionSeries } from "../../../../../lib/contract/prediction.ts";
import { wallClock } from "../../../parts/numbers.ts";
import { startOf, type TimeRange } from "../../../parts/time-range.ts";

/** Below this a tick says seconds. */
const minutesMs = 300_000;

export interface TimeAxis {
  readonly title: { readonly text: string };
  readonly type: "date";
  readonly range: [string, string];
  /** Few and level, so that a narrow plot keeps its height for the marks. */
  readonly nticks: number;
  readonly tickangle: number;
  readonly automargin: false;
  readonly ticklabeloverflow: "allow";
}

/** The range asked for; else from the first to the last call with a little air, so that all plots line up. */
export function timeAxis(series: PredictionSeries, range: TimeRange, now: number): TimeAxis {
  return axisBetween(...endsOf(series, range, now));
}

export function axisBetween(start: number, end: number): TimeAxis {
  return {
    title: { text: `Time (${zoneName(end)})` },
    type: "date",
    range: [wallClock(start), wallClock(end)],
    nticks: end - start < minutesMs ? 4 : 6, // labels with seconds are long
    tickangle: 0,
    ...fixedMargins,
  };
}

function endsOf({ points, buckets }: PredictionSeries, range: TimeRange, now: number): [number, number] {
  const start = startOf(range, now);
  if (start !== undefined) return [start, range.kind === "between" ? range.end : now];
  const times = points.startTimestampMs;
  const last = Math.max(times.at(-1) ?? now, (buckets.startTimestampMs.at(-1) ?? 0) + buckets.bucketMs);
  const first = Math.min(times[0] ?? now, buckets.startTimestampMs[0] ?? Infinity);
  const air = Math.max(500, (last - first) * 0.02);
  return [first - air, last + air];
}

/** Of an axis of a plot that has plotMargins, which hold its labels: they need not be measured, each several times. */
export const fixedMargins = { automargin: false, ticklabeloverflow: "allow" } as const;

/**
 * Margins that hold what these plots write: told ahead, since margins that fit themselves are drawn two or three times. The same
 * on the left of all, so that their times line up.
 */
export function plotMargins({ legend }: { legend: boolean }): {
  l: number;
  r: number;
  t: number;
  b: number;
  autoexpand: false;
} {
  return { l: 64, r: 28, t: legend ? 36 : 12, b: 52, autoexpand: false };
}

/**
 * Each call a mark. Of a downsampled series a line joins the least and the greatest of each stretch: it fills what lies between
 * them, as the calls did, where marks would show two bands with nothing between.
 */
export function drawnAs({ exact, points }: PredictionSeries) {
  return exact
    ? { mode: "markers" as const, marker: markOf(points.status.length) }
    : { mode: "lines" as const, line: { width: 1 }, connectgaps: true };
}

/** Bigger marks for few calls, smaller and fainter for many. */
export function markOf(calls: number): { size: number; opacity: number } {
  if (calls <= 100) return { size: 8, opacity: 0.9 };
  return calls <= 500 ? { size: 6, opacity: 0.75 } : { size: 4, opacity: 0.6 };
}

export function downsamplingNote({ exact, points, total }: PredictionSeries): string | undefined {
  if (exact) return undefined;
  const drawn = points.startTimestampMs.length.toLocaleString("en");
  return `Drawn from ${drawn} of ${total.toLocaleString("en")} calls: a line through the least and the greatest of each stretch, so that spikes stay.`;
}

function zoneName(now: number): string {
  const parts = new Intl.DateTimeFormat("en", { timeZoneName: "short" }).formatToParts(now);
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "local";
}
