import { describe, expect, test } from "vitest";
import type { MetricsRow, PredictionSeries } from "../../../lib/contract/prediction.ts";
import { type ReadPage, readLatest, stretchOf } from "../../../server/web/parts/latest-calls.ts";

const wanted = 20;
const pageSize = 200;

/** A store that reads forward, as the server's does, and counts its reads. */
function storeOf(times: readonly number[]): { read: ReadPage; reads: () => number } {
  const rows = [...times]
    .sort((a, b) => a - b)
    .map((time, index) => ({ startTimeStampMs: time, predictionUuid: String(index).padStart(6, "0") }) as MetricsRow);
  let reads = 0;
  return {
    reads: () => reads,
    async read({ start, end }) {
      reads++;
      const found = rows.filter(({ startTimeStampMs: time }) => time >= start && time <= end);
      return { metrics: found.slice(0, pageSize), ...(found.length > pageSize ? { next_page_token: "more" } : {}) };
    },
  };
}

const uuids = (rows: readonly MetricsRow[]) => rows.map(({ predictionUuid }) => Number(predictionUuid));
const newest = (total: number) => Array.from({ length: Math.min(total, wanted) }, (_, index) => total - 1 - index);

describe("the latest calls", () => {
  test("are one read where every call is a point", async () => {
    const times = Array.from({ length: 50 }, (_, index) => 1000 + index * 7);
    const stretch = stretchOf(seriesOf(times, { exact: true }), wanted)!;
    const store = storeOf(times);
    expect(uuids(await readLatest(store.read, stretch, wanted))).toEqual(newest(50));
    expect(store.reads()).toBe(1);
  });

  test("are found among many, however they came: steadily, in a burst at the end, or long ago", async () => {
    const steady = Array.from({ length: 20_000 }, (_, index) => index * 13);
    const burst = [...steady, ...Array.from({ length: 5000 }, (_, index) => 260_000 + index / 10)];
    const silent = [...Array.from({ length: 5000 }, (_, index) => index), 86_400_000];
    for (const times of [steady, burst, silent]) {
      const stretch = stretchOf(seriesOf(times, { exact: false }), wanted)!;
      const store = storeOf(times);
      expect(uuids(await readLatest(store.read, stretch, wanted))).toEqual(newest(times.length));
      expect(store.reads()).toBeLessThanOrEqual(20);
    }
  });

  test("fewer than wanted are all of them", async () => {
    const stretch = stretchOf(seriesOf([5, 9], { exact: true }), wanted)!;
    expect(uuids(await readLatest(storeOf([5, 9]).read, stretch, wanted))).toEqual([1, 0]);
    expect(stretchOf(seriesOf([], { exact: true }), wanted)).toBeUndefined();
  });

  test("the search ends where one millisecond holds more than a page", async () => {
    const times = Array.from({ length: 1000 }, () => 77);
    const store = storeOf(times);
    await readLatest(store.read, { first: 0, last: 77, guessMs: 10, tooShortMs: 0 }, wanted);
    expect(store.reads()).toBeLessThanOrEqual(20);
  });
});

function seriesOf(times: readonly number[], { exact }: { exact: boolean }): PredictionSeries {
  const sorted = [...times].sort((a, b) => a - b);
  const drawn = exact ? sorted : sorted.filter((_, index) => index % 10 === 0);
  const bucketMs = exact ? 1000 : Math.max(1, Math.ceil((sorted.at(-1)! - sorted[0]!) / 60));
  const calls = new Array<number>(62).fill(0);
  for (const time of sorted) calls[Math.floor(time / bucketMs)]!++;
  return {
    total: times.length,
    failed: 0,
    exact,
    requestsPerSecond: 1,
    latencyMs: null,
    points: {
      startTimestampMs: drawn,
      durationMs: drawn,
      probability: drawn,
      status: drawn,
      uuid: drawn.map(String),
    },
    buckets: {
      startTimestampMs: calls.map((_, index) => index * bucketMs),
      calls,
      failures: calls.map(() => 0),
      bucketMs,
    },
  };
}
