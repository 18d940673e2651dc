// Which stretches lie on the wrong side of which rules. Pure.
import type { Alert, DriftReport, MonitorRule, Windows } from "../../lib/contract/monitoring.ts";

/** An alert a stretch and rule, by start; a stretch that lacks the metric, or has no number for it, raises none. */
export function alertsOf(windows: Windows["windows"], rules: readonly MonitorRule[]): Alert[] {
  return windows.flatMap(({ metrics, startTimestampMs, endTimestampMs }) =>
    rules.flatMap((rule): Alert[] => {
      const value = metrics[rule.metric];
      if (typeof value !== "number" || !breaks(rule, value)) return [];
      return [{ rule, value, startTimestampMs, endTimestampMs }];
    }),
  );
}

/** The metric of a rule about drift: the share of features that drift. */
export const driftMetric = "drift";

/** An alert a broken rule about drift, over the whole stretch that was compared. */
export function driftAlertsOf(
  { features }: Pick<DriftReport, "features">,
  rules: readonly MonitorRule[],
  stretch: Pick<Alert, "startTimestampMs" | "endTimestampMs">,
): Alert[] {
  if (features.length === 0) return [];
  const value = features.filter(({ drifted }) => drifted).length / features.length;
  return rules
    .filter((rule) => rule.metric === driftMetric && breaks(rule, value))
    .map((rule) => ({ rule, value, ...stretch }));
}

/** At the threshold itself all is well. */
export function breaks({ when, threshold }: Pick<MonitorRule, "when" | "threshold">, value: number): boolean {
  return when === "below" ? value < threshold : value > threshold;
}
