// Tracks a value with the prediction that is being answered.
import { metricValue } from "./metric-value.ts";
import { currentPrediction } from "./prediction-context.ts";

/**
 * Records a value under a name with the call under way; the last value of a name counts.
 *
 * @param key 1 to 250 characters
 * @param value anything JSON can hold; kept as it is now, later changes do not count
 * @throws Error no call of a function wrapped by `modelMetrics` is under way
 * @throws TypeError the value has no JSON form
 */
export function trackMetric(key: string, value: unknown): void {
  const prediction = currentPrediction();
  if (!prediction) {
    throw new Error(
      `Cannot track metric "${key}": found no call under way, expected to be inside a function wrapped by modelMetrics`,
    );
  }
  prediction.metrics[key] = metricValue(key, value);
}
