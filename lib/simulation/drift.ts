// What may go wrong with a deployed model's world, and how strongly at which call.
import { quote } from "../core/check.ts";

/** How a drift comes, over the calls of a simulation. */
export interface DriftProfile {
  /** `sudden` jumps to its full strength, `gradual` rises to it evenly, `seasonal` comes and goes. Default gradual. */
  readonly profile?: "sudden" | "gradual" | "seasonal";
  /** Share of the calls before it begins, 0…1. Default 0.5 when sudden, else 0. */
  readonly from?: number;
  /** The most it gets to, 0…1. Default 1. */
  readonly strength?: number;
  /** Seasonal: how often it comes. Default 2. */
  readonly cycles?: number;
}

/** The truth: with chance r the label becomes the positive one. Accuracy falls, inputs stay. */
export interface LabelNoise extends DriftProfile {
  readonly mode: "label-noise";
}

/** One feature: a number moves by r · shift, a category becomes `shift` with chance r. The truth stays. */
export interface CovariateDrift extends DriftProfile {
  readonly mode: "covariate";
  readonly feature: string;
  readonly shift: number | string;
}

/** Who calls: with chance r a row with the positive label. Inputs given the label stay. */
export interface PriorDrift extends DriftProfile {
  readonly mode: "prior";
}

/** What inputs mean: with chance r the label of rows like `where` is the other one. Inputs stay. */
export interface ConceptDrift extends DriftProfile {
  readonly mode: "concept";
  /** Feature → value that a row must have; all of them. */
  readonly where: { readonly [feature: string]: string | number };
}

/** What arrives: each of the features is left out of a request with chance r. */
export interface DataQualityDrift extends DriftProfile {
  readonly mode: "data-quality";
  /** Default all. */
  readonly features?: readonly string[];
}

/** The way to the model: callers wait r · byMs longer. */
export interface LatencyDrift extends DriftProfile {
  readonly mode: "latency";
  readonly byMs: number;
}

export type Drift = LabelNoise | CovariateDrift | PriorDrift | ConceptDrift | DataQualityDrift | LatencyDrift;

/**
 * Strength of a drift at one call.
 *
 * @param call from 1
 * @param calls all calls of the simulation
 * @returns r, 0…1
 * @throws RangeError a share is outside 0…1, or there are no cycles
 */
export function driftStrength(drift: DriftProfile, call: number, calls: number): number {
  const { profile = "gradual", from = profile === "sudden" ? 0.5 : 0, strength = 1, cycles = 2 } = drift;
  requireShare("from", from);
  requireShare("strength", strength);
  if (!(cycles > 0)) throw new RangeError(`Cannot drift: found cycles ${quote(cycles)}, expected more than 0`);
  const at = calls > 1 ? (call - 1) / (calls - 1) : 1;
  if (at < from) return 0;
  if (profile === "sudden") return strength;
  const along = from < 1 ? (at - from) / (1 - from) : 1;
  return strength * (profile === "gradual" ? along : (1 - Math.cos(2 * Math.PI * cycles * along)) / 2);
}

function requireShare(name: string, value: number): void {
  if (value >= 0 && value <= 1) return;
  throw new RangeError(`Cannot drift: found ${name} ${quote(value)}, expected 0 to 1`);
}
