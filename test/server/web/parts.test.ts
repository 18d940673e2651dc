import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { rate } from "../../../server/web/pages/deployment/overview/rate.ts";
import { toCsv } from "../../../server/web/parts/csv.ts";
import {
  ago,
  atMost,
  counted,
  fromWallClock,
  milliseconds,
  percent,
  threeDigits,
  wallClock,
} from "../../../server/web/parts/numbers.ts";
import { atMostEvery } from "../../../server/web/parts/throttle.ts";
import { parseRangeSearch, startOf, toTimeRange } from "../../../server/web/parts/time-range.ts";

describe("numbers", () => {
  test("tiles show three digits and a unit", () => {
    expect(milliseconds(6.1234)).toBe("6.12\u00a0ms");
    expect(milliseconds(12_345)).toBe("12.3\u00a0s");
    expect(milliseconds(0)).toBe("<\u00a01\u00a0ms");
    expect(atMost(0)).toBe("<\u00a01\u00a0ms");
    expect(atMost(4)).toBe("≤\u00a04\u00a0ms");
    expect(percent(1, 3)).toBe("33.3\u00a0%");
    expect(counted(1, "call")).toBe("1 call");
    expect(counted(1234, "call")).toBe("1,234 calls");
  });

  test("a rate is told per second, minute or hour, whichever reads better", () => {
    expect(rate(41.234)).toEqual({ value: "41.2", unit: "per second" });
    expect(rate(0.02)).toEqual({ value: "1.2", unit: "per minute" });
    expect(rate(0.0005)).toEqual({ value: "1.8", unit: "per hour" });
    expect(rate(0)).toEqual({ value: "0", unit: "per second" });
  });

  test("times are told from now", () => {
    expect(ago(1000, 3000)).toBe("just now");
    expect(ago(0, 61_000)).toBe("1 minute ago");
    expect(ago(0, 3 * 86_400_000)).toBe("3 days ago");
  });

  test("a moment survives the way to the plot and back, to the millisecond", () => {
    for (const time of [Date.UTC(2026, 0, 5, 12, 1, 2, 345), Date.UTC(2026, 6, 5, 23, 59, 59, 999)])
      expect(fromWallClock(wallClock(time))).toBe(time);
  });
});

describe("the range of time in an address", () => {
  test("what is no range means everything", () => {
    expect(toTimeRange(parseRangeSearch({ last: "toString" }))).toEqual({ kind: "all" });
    expect(toTimeRange(parseRangeSearch({ start: 9, end: 3 }))).toEqual({ kind: "all" });
    expect(toTimeRange(parseRangeSearch({ start: "1", end: "2" }))).toEqual({ kind: "all" });
  });

  test("a zoom goes before a window", () => {
    const range = toTimeRange(parseRangeSearch({ last: "1h", start: 1, end: 2 }));
    expect(range).toEqual({ kind: "between", start: 1, end: 2 });
    expect(startOf(range)).toBe(1);
  });

  test("a window ends now", () => {
    expect(startOf(toTimeRange(parseRangeSearch({ last: "15m" })), 1_000_000)).toBe(100_000);
    expect(startOf({ kind: "all" })).toBeUndefined();
  });
});

describe("toCsv", () => {
  test("quotes what would break a row and leaves nulls empty", () => {
    expect(toCsv({ a: ['x,"y"', "z\n"], b: [null, 0.5] })).toBe('a,b\r\n"x,""y""",\r\n"z\n",0.5\r\n');
  });
});

describe("atMostEvery", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("runs at once, then once more for all calls that came meanwhile", async () => {
    const run = vi.fn(async () => {});
    const throttled = atMostEvery(1000, run);
    throttled.call();
    throttled.call();
    throttled.call();
    expect(run).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(run).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(5000);
    expect(run).toHaveBeenCalledTimes(2);
  });

  test("goes on after a run that failed, and stops when cancelled", async () => {
    const run = vi.fn(async () => {
      throw new Error("no server");
    });
    const throttled = atMostEvery(1000, run);
    throttled.call();
    await vi.advanceTimersByTimeAsync(1000);
    throttled.call();
    expect(run).toHaveBeenCalledTimes(2);
    throttled.call();
    throttled.cancel();
    await vi.advanceTimersByTimeAsync(5000);
    expect(run).toHaveBeenCalledTimes(2);
  });
});

test("a number too small for its digits is told by its power of ten, in a few characters", () => {
  expect([threeDigits(1.234e-9), threeDigits(0.00012), threeDigits(0), threeDigits(-2e-7)]).toEqual([
    "1.23E-9",
    "0.00012",
    "0",
    "-2E-7",
  ]);
});
