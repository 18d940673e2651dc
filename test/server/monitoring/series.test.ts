import { describe, expect, test } from "vitest";
import {
  barsOver,
  emptySeries,
  exactSeries,
  latencyOf,
  picksPerBucket,
  pointBuckets,
  type SeriesPoint,
} from "../../../server/monitoring/series.ts";
import fc from "../../support/fast-check.ts";

const start = 1_790_000_000_000;

describe("barsOver", () => {
  test.each([
    [0, 1000],
    [10_000, 1000],
    [60_000, 1000],
    [61_000, 2000],
    [3_600_000, 60_000],
    [86_400_000, 1_800_000],
    [365 * 86_400_000, 7 * 86_400_000],
  ])("a span of %i ms has bars of %i ms", (span, widthMs) => {
    expect(barsOver({ start, end: start + span }).widthMs).toBe(widthMs);
  });

  test("at any span every moment has its bar, at a round time, and there are few", () => {
    fc.assert(
      fc.property(fc.nat(4e12), fc.nat(4e11), fc.double({ min: 0, max: 1, noNaN: true }), (from, span, share) => {
        const bars = barsOver({ start: from, end: from + span });
        const bucket = Math.floor((from + Math.floor(span * share) - bars.start) / bars.widthMs);
        expect(bucket).toBeGreaterThanOrEqual(0);
        expect(bucket).toBeLessThan(bars.count);
        expect(bars.start % bars.widthMs).toBe(0);
        expect(bars.count).toBeLessThanOrEqual(62);
      }),
    );
  });
});

describe("pointBuckets", () => {
  test("their picks are at most the points asked for, and every moment has its bucket", () => {
    fc.assert(
      fc.property(fc.nat(1e11), fc.integer({ min: picksPerBucket, max: 5000 }), (span, points) => {
        const { widthMs, count } = pointBuckets({ start, end: start + span }, points);
        expect(count * picksPerBucket).toBeLessThanOrEqual(points);
        expect(Math.floor(span / widthMs)).toBeLessThan(count);
      }),
    );
  });
});

describe("latencyOf", () => {
  test("is the nearest rank of the sorted durations", () => {
    const rank = (sorted: readonly number[], share: number): number => sorted[Math.ceil(share * sorted.length) - 1]!;
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 300 }), (durations) => {
        const sorted = durations.toSorted((a, b) => a - b);
        const counts = [...new Set(sorted)].map((duration_ms) => ({
          duration_ms,
          calls: sorted.filter((one) => one === duration_ms).length,
        }));
        expect(latencyOf(counts)).toEqual({ p50: rank(sorted, 0.5), p95: rank(sorted, 0.95), p99: rank(sorted, 0.99) });
      }),
    );
  });

  test("of no call there is none", () => {
    expect(latencyOf([])).toBeNull();
  });
});

describe("exactSeries", () => {
  test("its bars hold every call once", () => {
    const call = fc.record({ at: fc.nat(100_000), duration_ms: fc.nat(500), failed: fc.boolean() });
    fc.assert(
      fc.property(fc.array(call, { minLength: 1, maxLength: 200 }), (calls) => {
        const points = calls
          .map(
            ({ at, duration_ms, failed }, i): SeriesPoint => ({
              uuid: `${i}`,
              started_at: start + at,
              duration_ms,
              probability: null,
              status: failed ? 500 : 200,
            }),
          )
          .sort((a, b) => a.started_at - b.started_at);
        const span = { start: points[0]!.started_at, end: points.at(-1)!.started_at };
        const { total, failed, buckets } = exactSeries(span, points);
        expect(total).toBe(calls.length);
        expect(failed).toBe(calls.filter((one) => one.failed).length);
        buckets.startTimestampMs.forEach((from, i) => {
          const within = points.filter((one) => one.started_at >= from && one.started_at < from + buckets.bucketMs);
          expect(buckets.calls[i]).toBe(within.length);
          expect(buckets.failures[i]).toBe(within.filter(({ status }) => status >= 400).length);
        });
      }),
    );
  });

  test("one call is one call in its second, not an endless rate", () => {
    const point = { uuid: "a", started_at: start, duration_ms: 4, probability: 0.5, status: 200 };
    expect(exactSeries({ start, end: start }, [point])).toMatchObject({ total: 1, requestsPerSecond: 1 });
  });

  test("of no call all is empty", () => {
    expect(emptySeries().points.uuid).toEqual([]);
  });
});
