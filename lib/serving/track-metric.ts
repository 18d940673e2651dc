// Tracks a value with the prediction that is being answered.
import type { JsonValue } from "../contract/signature.ts";
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
  if (key.length === 0 || key.length > 250) {
    throw new RangeError(
      `Cannot track metric "${key.slice(0, 20)}…": found ${key.length} characters, expected 1 to 250`,
    );
  }
  prediction.metrics[key] = jsonCopy(key, value);
}

function jsonCopy(key: string, value: unknown): JsonValue {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new TypeError(`Cannot track metric "${key}": found ${value}, expected a finite number`);
  }
  if (value === null || typeof value === "number" || typeof value === "string" || typeof value === "boolean")
    return value;
  const text = JSON.stringify(value);
  if (text === undefined) {
    throw new TypeError(`Cannot track metric "${key}": found ${typeof value}, expected a value JSON can hold`);
  }
  return JSON.parse(text) as JsonValue;
}
