// Each mode of drift as a change of one planned call. Pure; chance is handed in.
import type { JsonObject } from "../contract/signature.ts";
import { listOf, quote } from "../core/check.ts";
import type { Random } from "../core/random.ts";
import type { CovariateDrift, Drift } from "./drift.ts";
import { type Draft, draftOf, type Population } from "./population.ts";

export interface Circumstances {
  /** r of the drift at this call. */
  readonly strength: number;
  readonly random: Random;
  readonly population: Population;
}

export function applyDrift(drift: Drift, draft: Draft, { strength, random, population }: Circumstances): Draft {
  switch (drift.mode) {
    case "label-noise":
      return random() < strength ? { ...draft, truth: population.positive } : draft;
    case "prior":
      return random() < strength ? draftOf(pickOne(population.positives, random), population) : draft;
    case "concept":
      return matches(draft, drift.where) && random() < strength
        ? { ...draft, truth: draft.truth === population.positive ? population.negative : population.positive }
        : draft;
    case "covariate":
      return { ...draft, request: shifted(draft.request, drift, strength, random) };
    case "data-quality":
      return { ...draft, request: thinned(draft.request, drift.features ?? population.features, strength, random) };
    case "latency":
      return { ...draft, delayMs: draft.delayMs + strength * drift.byMs };
  }
}

/** @throws RangeError a feature that is not there, or a shift of another type than its values */
export function requireDrift(drift: Drift, { features, rows }: Population): void {
  for (const name of featuresOf(drift)) {
    if (!features.includes(name))
      throw new RangeError(`Cannot drift: found no feature ${quote(name)}, expected one of ${listOf(features)}`);
  }
  if (drift.mode !== "covariate") return;
  const { feature, shift } = drift;
  const value = rows.map((row) => row[feature]).find((one) => one !== null && one !== undefined);
  if (typeof value === typeof shift) return;
  const expected = typeof value === "number" ? "a number" : "a category";
  throw new RangeError(`Cannot drift ${quote(feature)}: found the shift ${quote(shift)}, expected ${expected}`);
}

function featuresOf(drift: Drift): readonly string[] {
  if (drift.mode === "covariate") return [drift.feature];
  if (drift.mode === "concept") return Object.keys(drift.where);
  return (drift.mode === "data-quality" && drift.features) || [];
}

function pickOne<T>(values: readonly T[], random: Random): T {
  return values[Math.floor(random() * values.length)]!;
}

function matches({ row }: Draft, where: { readonly [feature: string]: string | number }): boolean {
  return Object.entries(where).every(([feature, value]) => row[feature] === value);
}

function shifted(
  request: JsonObject,
  { feature, shift }: CovariateDrift,
  strength: number,
  random: Random,
): JsonObject {
  const value = request[feature];
  const happens = random() < strength;
  if (value === undefined) return request;
  if (typeof shift === "string") return happens ? { ...request, [feature]: shift } : request;
  return { ...request, [feature]: rounded((value as number) + strength * shift, shift) };
}

/** To cents, finer for finer shifts: a price stays one, and a request reads well. */
function rounded(value: number, shift: number): number {
  const digits = shift === 0 ? 2 : 3 - Math.floor(Math.log10(Math.abs(shift)));
  return Number(value.toFixed(Math.min(Math.max(digits, 2), 15)));
}

function thinned(request: JsonObject, features: readonly string[], strength: number, random: Random): JsonObject {
  const lost = new Set(features.filter(() => random() < strength));
  return Object.fromEntries(Object.entries(request).filter(([name]) => !lost.has(name)));
}
