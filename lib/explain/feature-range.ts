// What values a feature can take, and how far two of them are apart. What searches around a record go by.
import type { JsonValue } from "../contract/signature.ts";
import { quote } from "../core/check.ts";

export type FeatureRange = CategoryRange | NumberRange;

export interface CategoryRange {
  readonly categories: readonly string[];
}

export interface NumberRange {
  readonly min: number;
  readonly max: number;
  /** Values are multiples of it, besides both ends. Default: the power of ten next below a hundredth of the range. */
  readonly step?: number;
}

/** Feature → its values, in order. */
export type FeatureRanges = { readonly [feature: string]: FeatureRange };

/** Gower's distance (1971): 0 for the same value, 1 for another category or from one end of a range to the other. */
export function distanceBetween(range: FeatureRange, a: JsonValue, b: JsonValue): number {
  if ("categories" in range) return String(a) === String(b) ? 0 : 1;
  return range.max > range.min ? Math.abs(Number(a) - Number(b)) / (range.max - range.min) : 0;
}

/** Other values than `from`: all categories, or `points` numbers evenly over the range. */
export function otherValues(range: FeatureRange, from: JsonValue, points: number): JsonValue[] {
  if ("categories" in range) return range.categories.filter((category) => category !== String(from));
  return valuesFrom(range, range.min, range.max, points).filter((value) => value !== Number(from));
}

/** At most `points` different values from `start` to `end`, both included, the ones between on the range's steps. */
export function valuesFrom(range: NumberRange, start: number, end: number, points: number): number[] {
  const between = (i: number) => snapped(range, start + ((end - start) * i) / (points - 1));
  const inner = Array.from({ length: Math.max(0, points - 2) }, (_, i) => between(i + 1));
  const low = Math.min(start, end);
  const high = Math.max(start, end);
  return [...new Set([start, ...inner.filter((value) => value > low && value < high), end])];
}

/** @throws TypeError the record's value is none that the range speaks of */
export function requireValue(name: string, range: FeatureRange, value: JsonValue | undefined): JsonValue {
  const fits = "categories" in range ? value !== undefined && value !== null : Number.isFinite(value);
  if (fits) return value!;
  const expected = "categories" in range ? "a category" : "a number";
  throw new TypeError(`Cannot search around the record: found ${quote(value)} as ${quote(name)}, expected ${expected}`);
}

function snapped({ min, max, step = 10 ** Math.floor(Math.log10((max - min) / 100)) }: NumberRange, value: number) {
  return Number((Math.round(value / step) * step).toPrecision(12));
}
