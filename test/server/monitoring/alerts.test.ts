import { describe, expect, test } from "vitest";
import type { FeatureDrift } from "../../../lib/contract/monitoring.ts";
import { alertsOf, driftAlertsOf } from "../../../server/monitoring/alerts.ts";

const window = (startTimestampMs: number, metrics: Record<string, number | string | null>) => ({
  deploymentCrn: "d",
  startTimestampMs,
  endTimestampMs: startTimestampMs + 9,
  metrics,
});
const rule = (metric: string, when: "below" | "above", threshold: number) => ({
  id: `${metric} ${when}`,
  metric,
  when,
  threshold,
  createdAt: 0,
});

describe("alerts", () => {
  test("are raised on the wrong side of a threshold, not at it", () => {
    const rules = [rule("accuracy", "below", 0.7), rule("latency", "above", 100)];
    const windows = [
      window(0, { accuracy: 0.7, latency: 100 }),
      window(10, { accuracy: 0.6999, latency: 50 }),
      window(20, { accuracy: 0.8, latency: 101 }),
      window(30, { accuracy: 0, latency: 1000 }),
    ];
    expect(
      alertsOf(windows, rules).map(({ rule: { id }, value, startTimestampMs }) => [id, value, startTimestampMs]),
    ).toEqual([
      ["accuracy below", 0.6999, 10],
      ["latency above", 101, 20],
      ["accuracy below", 0, 30],
      ["latency above", 1000, 30],
    ]);
  });

  test("are not raised by a window without a number for the metric", () => {
    const windows = [window(0, {}), window(10, { accuracy: "low" }), window(20, { accuracy: null })];
    expect(alertsOf(windows, [rule("accuracy", "below", 1)])).toEqual([]);
    expect(alertsOf([window(0, { accuracy: 0 })], [])).toEqual([]);
  });

  test("of drift go by the share of features that drift", () => {
    const features = [true, false, false, false].map((drifted) => ({ drifted }) as FeatureDrift);
    const stretch = { startTimestampMs: 1, endTimestampMs: 9 };
    const [any, half] = [rule("drift", "above", 0), rule("drift", "above", 0.5)];
    const other = rule("accuracy", "above", 0);
    expect(driftAlertsOf({ features }, [any, half, other], stretch)).toEqual([{ rule: any, value: 0.25, ...stretch }]);
    expect(driftAlertsOf({ features: [] }, [rule("drift", "below", 1)], stretch)).toEqual([]);
  });
});
