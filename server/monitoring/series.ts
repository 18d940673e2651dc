// How a range of calls becomes the points and bars of a page. Pure: widths, percentiles and the exact series of few calls; the
// store does the same in SQL for many.
import type { PredictionSeries } from "../../lib/contract/prediction.ts";

/** One call as a series shows it. */
export interface SeriesPoint {
  readonly uuid: string;
  readonly started_at: number;
  readonly duration_ms: number;
  readonly probability: number | null;
  readonly status: number;
}

/** Both ends included. */
export interface TimeSpan {
  readonly start: number;
  readonly end: number;
}

/** Buckets of one width, the first at `start`. */
export interface Buckets {
  readonly start: number;
  readonly widthMs: number;
  readonly count: number;
}

export interface BucketCount {
  readonly bucket: number;
  readonly calls: number;
  readonly failures: number;
}

/** How many calls took how long; rising durations. */
export interface DurationCount {
  readonly duration_ms: number;
  readonly calls: number;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const widths: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 3, 6, 12].map((n) => n * hour),
  ...[1, 2, 7, 14, 28].map((n) => n * day),
];
const mostBars = 60;
/** Of a bucket: least and greatest duration, least and greatest probability, a failed call. */
export const picksPerBucket = 5;

/** Bars of a width people read at a glance, at round times, at most about sixty. */
export function barsOver({ start, end }: TimeSpan): Buckets {
  const longest = widths.at(-1)!;
  const span = end - start;
  const widthMs = widths.find((width) => span / width <= mostBars) ?? longest * Math.ceil(span / longest / mostBars);
  const first = Math.floor(start / widthMs) * widthMs;
  return { start: first, widthMs, count: Math.floor((end - first) / widthMs) + 1 };
}

/** So many buckets that their picks are at most `points`. */
export function pointBuckets({ start, end }: TimeSpan, points: number): Buckets {
  const most = Math.max(1, Math.floor(points / picksPerBucket));
  const widthMs = Math.max(1, Math.ceil((end - start + 1) / most));
  return { start, widthMs, count: Math.floor((end - start) / widthMs) + 1 };
}

export interface SeriesParts {
  readonly span: TimeSpan;
  /** Rising start. */
  readonly points: readonly SeriesPoint[];
  readonly bars: Buckets;
  readonly counts: readonly BucketCount[];
  readonly durations: readonly DurationCount[];
  readonly exact: boolean;
}

export function toSeries({ span, points, bars, counts, durations, exact }: SeriesParts): PredictionSeries {
  const calls = new Array<number>(bars.count).fill(0);
  const failures = new Array<number>(bars.count).fill(0);
  for (const each of counts) {
    calls[each.bucket] = each.calls;
    failures[each.bucket] = each.failures;
  }
  const total = sum(calls);
  return {
    total,
    failed: sum(failures),
    exact,
    requestsPerSecond: total / (Math.max(span.end - span.start, second) / second),
    latencyMs: latencyOf(durations),
    points: {
      startTimestampMs: points.map(({ started_at }) => started_at),
      durationMs: points.map(({ duration_ms }) => duration_ms),
      probability: points.map(({ probability }) => probability),
      status: points.map(({ status }) => status),
      uuid: points.map(({ uuid }) => uuid),
    },
    buckets: {
      startTimestampMs: calls.map((_, i) => bars.start + i * bars.widthMs),
      calls,
      failures,
      bucketMs: bars.widthMs,
    },
  };
}

/** The series of few calls: each is a point. */
export function exactSeries(span: TimeSpan, points: readonly SeriesPoint[]): PredictionSeries {
  const bars = barsOver(span);
  return toSeries({
    span,
    points,
    bars,
    counts: countPer(points, bars),
    durations: countDurations(points),
    exact: true,
  });
}

export function emptySeries(bucketMs = second): PredictionSeries {
  return {
    total: 0,
    failed: 0,
    exact: true,
    requestsPerSecond: 0,
    latencyMs: null,
    points: { startTimestampMs: [], durationMs: [], probability: [], status: [], uuid: [] },
    buckets: { startTimestampMs: [], calls: [], failures: [], bucketMs },
  };
}

/** Nearest rank: the smallest duration that at least the share of calls did not exceed. */
export function latencyOf(durations: readonly DurationCount[]): PredictionSeries["latencyMs"] {
  const total = sum(durations.map(({ calls }) => calls));
  if (total === 0) return null;
  const atShare = (share: number): number => {
    let left = Math.ceil(share * total);
    return durations.find(({ calls }) => (left -= calls) <= 0)?.duration_ms ?? durations.at(-1)!.duration_ms;
  };
  return { p50: atShare(0.5), p95: atShare(0.95), p99: atShare(0.99) };
}

export function isFailed(status: number): boolean {
  return status >= 400;
}

function countPer(points: readonly SeriesPoint[], { start, widthMs, count }: Buckets): BucketCount[] {
  const counts = Array.from({ length: count }, (_, bucket) => ({ bucket, calls: 0, failures: 0 }));
  for (const { started_at, status } of points) {
    const one = counts[Math.floor((started_at - start) / widthMs)]!;
    one.calls++;
    if (isFailed(status)) one.failures++;
  }
  return counts;
}

function countDurations(points: readonly SeriesPoint[]): DurationCount[] {
  const counts = new Map<number, number>();
  for (const { duration_ms } of points) counts.set(duration_ms, (counts.get(duration_ms) ?? 0) + 1);
  return [...counts]
    .map(([duration_ms, calls]) => ({ duration_ms, calls }))
    .sort((a, b) => a.duration_ms - b.duration_ms);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
