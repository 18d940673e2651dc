import { describe, expect, test } from "vitest";
import type { PredictionSeries } from "../../../lib/contract/prediction.ts";
import { timeAxis } from "../../../server/web/pages/deployment/overview/axis.ts";
import { callsFigure } from "../../../server/web/pages/deployment/overview/calls-figure.ts";
import { durationFigure } from "../../../server/web/pages/deployment/overview/duration-figure.ts";
import { probabilityFigure } from "../../../server/web/pages/deployment/overview/probability-figure.ts";
import { fromWallClock } from "../../../server/web/parts/numbers.ts";

const start = Date.UTC(2026, 0, 5, 12);

function seriesOf(calls: readonly { at: number; ms: number; p: number | null; status?: number }[]): PredictionSeries {
  const failed = calls.filter(({ status = 200 }) => status >= 400);
  return {
    total: calls.length,
    failed: failed.length,
    exact: true,
    requestsPerSecond: 1,
    latencyMs: calls.length > 0 ? { p50: 4, p95: 25.25, p99: 30 } : null,
    points: {
      startTimestampMs: calls.map(({ at }) => start + at),
      durationMs: calls.map(({ ms }) => ms),
      probability: calls.map(({ p }) => p),
      status: calls.map(({ status = 200 }) => status),
      uuid: calls.map((_, index) => `uuid-${index}`),
    },
    buckets: {
      startTimestampMs: [start, start + 1000],
      calls: [calls.length, 0],
      failures: [failed.length, 0],
      bucketMs: 1000,
    },
  };
}

const three = seriesOf([
  { at: 0, ms: 4, p: 0.1 },
  { at: 400, ms: 5, p: 0.4 },
  { at: 900, ms: 30, p: null, status: 500 },
]);
const axis = timeAxis(three, { kind: "all" }, start);
const drawn = (figure: { data: readonly unknown[] }) => figure.data as { name: string; x: unknown[]; y: unknown[] }[];

describe("the plots of a model's page", () => {
  test("a probability plot has one point a call and says what it shows", () => {
    const figure = probabilityFigure(three, axis)!;
    expect(drawn(figure)[0]).toMatchObject({ y: [0.1, 0.4, null] });
    expect(figure.title).toBe("Probabilities lay between 0.1 and 0.4, half of them below 0.25");
  });

  test("a model without probabilities has no probability plot", () => {
    expect(probabilityFigure(seriesOf([{ at: 0, ms: 1, p: null }]), axis)).toBeUndefined();
  });

  test("failed calls stand apart in the processing times", () => {
    const figure = durationFigure(three, axis);
    expect(drawn(figure).map(({ name, y }) => [name, y])).toEqual([
      ["answered", [4, 5]],
      ["failed", [30]],
    ]);
    expect(figure.title).toBe("Half of the calls took ≤\u00a04\u00a0ms, 95\u00a0% took ≤\u00a025.3\u00a0ms");
  });

  test("bars stack failures on answers and sum to the calls", () => {
    const figure = callsFigure(three, axis);
    expect(drawn(figure).map(({ name, y }) => [name, y])).toEqual([
      ["answered", [2, 0]],
      ["failed", [1, 0]],
    ]);
    expect(figure.title).toBe("3 calls came in, 1 failed (33.3\u00a0%)");
    expect(callsFigure(seriesOf([{ at: 0, ms: 1, p: 1 }]), axis).title).toBe("1 call came in, none failed");
  });

  test("the figures of a plot come along as CSV", () => {
    const lines = durationFigure(three, axis).csv().trimEnd().split("\r\n");
    expect(lines).toEqual([
      "uuid,start,durationMs,status",
      "uuid-0,2026-01-05T12:00:00.000Z,4,200",
      "uuid-1,2026-01-05T12:00:00.400Z,5,200",
      "uuid-2,2026-01-05T12:00:00.900Z,30,500",
    ]);
  });

  test("a downsampled series says so", () => {
    const figure = durationFigure({ ...three, exact: false, total: 12_000 }, axis);
    expect(figure.note).toContain("Drawn from 3 of 12,000 calls");
    expect(figure.data.map((trace) => (trace as { mode: string }).mode)).toEqual(["lines", "markers"]);
    expect(probabilityFigure({ ...three, exact: false }, axis)!.data[0]).toMatchObject({
      mode: "lines",
      connectgaps: true,
    });
    expect(durationFigure(three, axis).note).toBeUndefined();
  });

  test("the time axis holds every call, and exactly the range asked for", () => {
    const [first, last] = axis.range.map(fromWallClock) as [number, number];
    expect(first).toBeLessThan(start);
    expect(last).toBeGreaterThan(start + 2000);
    const between = timeAxis(three, { kind: "between", start: start + 5, end: start + 50 }, start);
    expect(between.range.map(fromWallClock)).toEqual([start + 5, start + 50]);
    const window = timeAxis(three, { kind: "last", window: "15m" }, start);
    expect(window.range.map(fromWallClock)).toEqual([start - 900_000, start]);
  });
});
