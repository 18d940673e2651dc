// Which stretches lie on the wrong side of which rules. Pure.
import type { Alert, MonitorRule, Windows } from "../../lib/contract/monitoring.ts";

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

/** At the threshold itself all is well. */
export function breaks({ when, threshold }: Pick<MonitorRule, "when" | "threshold">, value: number): boolean {
  return when === "below" ? value < threshold : value > threshold;
}
