// What may be kept under the name of a metric, checked where it is tracked.
import type { JsonObject, JsonValue } from "../contract/signature.ts";

/**
 * The value as it is now, as JSON; later changes of it do not count.
 *
 * @param key 1 to 250 characters
 * @throws RangeError the key is too short or too long
 * @throws TypeError the value has no JSON form
 */
export function metricValue(key: string, value: unknown): JsonValue {
  if (key.length === 0 || key.length > 250) {
    throw new RangeError(
      `Cannot track metric "${key.slice(0, 20)}…": found ${key.length} characters, expected 1 to 250`,
    );
  }
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

/** The same for several at once. */
export function metricValues(values: { readonly [key: string]: unknown }): JsonObject {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, metricValue(key, value)]));
}
