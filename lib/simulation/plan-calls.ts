// Who calls in a simulation, with what, and what turns out to be true: decided before the first call, by seed and number alone, so
// that a simulation that was killed goes on as the same one. Pure.
import type { JsonObject } from "../contract/signature.ts";
import { requirePositiveInteger } from "../core/check.ts";
import { permutation, type Random, seededRandom } from "../core/random.ts";
import type { FrameLike } from "../frame/columns.ts";
import { type Drift, driftStrength } from "./drift.ts";
import { applyDrift, requireDrift } from "./drift-modes.ts";
import { draftOf, populationOf } from "./population.ts";

export interface PlanCallsOptions {
  readonly calls: number;
  /** Column of the truth; the other columns are what is sent. */
  readonly label: string;
  /** The value of the label that a probability speaks of. Default `Yes`. */
  readonly positive?: string;
  /** The same seed plans the same calls. Default 1. */
  readonly seed?: number;
  /** What goes wrong. Default nothing. */
  readonly drift?: readonly Drift[];
}

export interface PlannedCall {
  /** From 1. */
  readonly call: number;
  readonly request: JsonObject;
  readonly truth: string;
  /** What the way to the model adds. */
  readonly delayMs: number;
}

/**
 * The calls of a simulation in their order: rows one after the other in a seeded order, changed by what drifts.
 *
 * @param rows features and label; a null is left out of the request
 * @throws RangeError there is no such column, the label has not two values, or a drift does not fit the rows
 */
export function planCalls(
  rows: FrameLike,
  { calls, label, positive = "Yes", seed = 1, drift = [] }: PlanCallsOptions,
): PlannedCall[] {
  requirePositiveInteger("calls", calls);
  const population = populationOf(rows, label, positive);
  for (const one of drift) requireDrift(one, population);
  const order = permutation(population.rows.length, chanceOf(seed, 0, 0));
  const drifts = drift.map((one, i) => ({ one, chance: i + 1 })).sort((a, b) => rank(a.one) - rank(b.one));
  return Array.from({ length: calls }, (_, i) => {
    const call = i + 1;
    const first = draftOf(population.rows[order[i % order.length]!]!, population);
    const { request, truth, delayMs } = drifts.reduce((draft, { one, chance }) => {
      const strength = driftStrength(one, call, calls);
      return applyDrift(one, draft, { strength, random: chanceOf(seed, call, chance), population });
    }, first);
    return { call, request, truth, delayMs };
  });
}

/** Who calls is decided before what they send. */
function rank({ mode }: Drift): number {
  return mode === "prior" ? 0 : 1;
}

/** Chance of one drift at one call: of no other call and no other drift. */
function chanceOf(seed: number, call: number, drift: number): Random {
  let mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ call, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 13) ^ drift, 0x27d4eb2f);
  return seededRandom(mixed ^ (mixed >>> 16));
}
