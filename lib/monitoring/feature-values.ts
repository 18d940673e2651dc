// One feature's values in the reference and now, in the form that tests and plots take: numbers with the missing ones counted, or
// counts of categories.
import type { JsonValue } from "../contract/signature.ts";

export interface NumberValues {
  readonly type: "number";
  /** Without the missing ones. */
  readonly reference: Float64Array;
  readonly current: Float64Array;
  readonly missing: { readonly reference: number; readonly current: number };
}

export interface CategoryValues {
  readonly type: "category";
  /** The reference's most frequent first, then what is new. */
  readonly categories: readonly string[];
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

export type FeatureValues = NumberValues | CategoryValues;

/** How a missing value is called among categories. */
export const missingName = "(missing)";

/** Numbers stay numbers where more than two different ones occur; all else falls into categories. */
export function featureValues(reference: readonly JsonValue[], current: readonly JsonValue[]): FeatureValues {
  const seen = new Set<JsonValue>();
  let numeric = true;
  for (const values of [reference, current]) {
    for (const value of values) {
      if (isMissing(value)) continue;
      if (values === reference && typeof value !== "number") numeric = false;
      if (seen.size < 3) seen.add(value);
    }
  }
  return numeric && seen.size > 2 ? numbersOf(reference, current) : categoriesOf(reference, current);
}

function numbersOf(reference: readonly JsonValue[], current: readonly JsonValue[]): NumberValues {
  const [before, now] = [presentNumbers(reference), presentNumbers(current)];
  return {
    type: "number",
    reference: before,
    current: now,
    missing: { reference: reference.length - before.length, current: current.length - now.length },
  };
}

/** What is no number where numbers belong counts as missing; text that reads as one is one. */
function presentNumbers(values: readonly JsonValue[]): Float64Array {
  return Float64Array.from(values.map(toNumber).filter(Number.isFinite));
}

function toNumber(value: JsonValue): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}

function categoriesOf(reference: readonly JsonValue[], current: readonly JsonValue[]): CategoryValues {
  const [before, now] = [countsOf(reference), countsOf(current)];
  const byCount = (counts: Map<string, number>): string[] =>
    [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([name]) => name);
  const categories = [...new Set([...byCount(before), ...byCount(now)])];
  return {
    type: "category",
    categories,
    reference: categories.map((name) => before.get(name) ?? 0),
    current: categories.map((name) => now.get(name) ?? 0),
  };
}

function countsOf(values: readonly JsonValue[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) {
    const name = isMissing(value) ? missingName : typeof value === "object" ? JSON.stringify(value) : String(value);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function isMissing(value: JsonValue | undefined): boolean {
  return value === null || value === undefined || (typeof value === "number" && Number.isNaN(value));
}
