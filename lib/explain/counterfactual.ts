// What would have to be different for the model to say otherwise? The smallest change of a record that gets it under a threshold.
// A "closest possible world" of Wachter, Mittelstadt and Russell, Counterfactual explanations without opening the black box, 2017,
// searched by few features first, then by small distance. What the model expects, not what would happen: no causes are known here.
import type { JsonObject, JsonValue } from "../contract/signature.ts";
import { listOf, quote, requirePositiveInteger } from "../core/check.ts";
import { Asker, type AskerOptions, type PredictRecords } from "./asker.ts";
import {
  distanceBetween,
  type FeatureRange,
  type FeatureRanges,
  otherValues,
  requireValue,
  valuesFrom,
} from "./feature-range.ts";

export interface CounterfactualOptions extends AskerOptions {
  /** The model: probabilities of complete records. May go over the network; is asked at most `maxCalls` records. */
  readonly predict: PredictRecords;
  /** What values features can take: `ExplainedModel#ranges`, or narrower. */
  readonly features: FeatureRanges;
  /** Features that somebody could change. Default: all of `features`. */
  readonly actionable?: readonly string[];
  /** The probability to get under. Default 0.5. */
  readonly threshold?: number;
  /** Features that may change at once. Default 4. */
  readonly maxChanges?: number;
  /** Whether a record makes sense, as no streaming without internet. Default: all do. */
  readonly isPossible?: (record: JsonObject) => boolean;
  /** Default 1000. */
  readonly maxCalls?: number;
}

export interface Counterfactual {
  /** What to change, in the features' order; nothing when the record is under the threshold as it is. */
  readonly changes: readonly FeatureChange[];
  /** The record with its changes. */
  readonly record: JsonObject;
  /** What the model says about it: under the threshold. */
  readonly probability: number;
  /** Sum of the changes' sizes: 1 for another category, a number's share of its range. */
  readonly distance: number;
  /** Records that the model was asked about. */
  readonly calls: number;
}

export interface FeatureChange {
  readonly feature: string;
  readonly from: JsonValue;
  readonly to: JsonValue;
}

/** Values tried of a number at first, and in each round that brings it nearer to what it was. */
const points = 9;
/** Sets of changes asked about together. */
const setsAtOnce = 32;
/** Sets of changes looked through for one number of features. */
const mostSets = 100_000;
/** Changes that reach the threshold and are then made as small as can be; the smallest of them is the answer. */
const finalists = 3;

/**
 * The smallest change of a record that brings its probability under the threshold; undefined where none was found.
 *
 * All single changes are asked about first. Sets of changes are then tried in the order of their distance, those first that
 * should suffice if the log-odds were a sum over the features; so the answer is the smallest (to a ninth of a number's range,
 * numbers then refined) for models that are such sums, and a good one for others. The same record gets the same answer.
 *
 * @param record complete
 * @throws RangeError an actionable feature has no range
 * @throws TypeError the record lacks the value of an actionable feature
 */
export async function counterfactual(
  record: JsonObject,
  {
    predict,
    features,
    actionable = Object.keys(features),
    threshold = 0.5,
    maxChanges = 4,
    isPossible = () => true,
    maxCalls = 1000,
    ...options
  }: CounterfactualOptions,
): Promise<Counterfactual | undefined> {
  requirePositiveInteger("maxChanges", maxChanges);
  requireRanges(features, actionable);
  const search: Search = {
    record,
    features,
    threshold,
    isPossible,
    asker: new Asker(predict, { ...options, maxCalls }),
  };
  const start = (await search.asker.ask([record]))[0]!;
  if (start < threshold) return answer(search, { changes: [], distance: 0, probability: start });
  const singles = await askSingles(search, actionable, start);
  const needed = logit(start) - logit(threshold);
  for (let size = 1; size <= maxChanges && search.asker.left > 0; size++) {
    const share = Math.ceil(search.asker.left / (maxChanges - size + 1));
    const found =
      size === 1 ? singles.filter((one) => suffices(search, one)) : await askSets(search, singles, size, needed, share);
    if (found.length > 0) return answer(search, await smallest(search, found));
  }
  return undefined;
}

interface Search {
  readonly record: JsonObject;
  readonly features: FeatureRanges;
  readonly threshold: number;
  readonly isPossible: (record: JsonObject) => boolean;
  readonly asker: Asker;
}

interface ChangeSet {
  readonly changes: readonly FeatureChange[];
  readonly distance: number;
}

interface AskedSet extends ChangeSet {
  readonly probability: number;
}

/** One change, asked about: how much it lowers the log-odds. */
interface Single extends AskedSet {
  readonly drop: number;
}

async function askSingles(search: Search, actionable: readonly string[], start: number): Promise<Single[]> {
  const { record, features } = search;
  const sets = actionable.flatMap((feature) => {
    const range = features[feature]!;
    const from = requireValue(feature, range, record[feature]);
    return otherValues(range, from, points).map((to) => changeSet(search, [{ feature, from, to }]));
  });
  const asked = await ask(search, sets);
  return asked.map((set) => ({ ...set, drop: logit(start) - logit(set.probability) }));
}

/** Sets of `size` changes of different features that reach the threshold: those found first, asking at most `limit` records. */
async function askSets(
  search: Search,
  singles: readonly Single[],
  size: number,
  needed: number,
  limit: number,
): Promise<AskedSet[]> {
  const candidates = setsOf(strongest(singles, size), size)
    .map((parts) => ({ parts, drop: parts.reduce((sum, part) => sum + part.drop, 0) }))
    .map(({ parts, drop }) => ({
      parts,
      drop,
      distance: parts.reduce((sum, part) => sum + part.distance, 0),
      enough: drop > needed,
    }))
    .sort((a, b) => +b.enough - +a.enough || (a.enough ? a.distance - b.distance : 0) || b.drop - a.drop);
  let left = limit;
  for (let first = 0; first < candidates.length && left > 0; first += setsAtOnce) {
    const sets = candidates
      .slice(first, first + setsAtOnce)
      .map(({ parts }) =>
        changeSet(
          search,
          inOrder(
            search,
            parts.flatMap(({ changes }) => changes),
          ),
        ),
      )
      .filter((set) => search.isPossible(changed(search.record, set.changes)))
      .slice(0, left);
    left -= sets.length;
    const found = (await ask(search, sets)).filter((set) => suffices(search, set));
    if (found.length > 0) return found;
  }
  return [];
}

/** As many of the strongest changes as leave few enough sets to look through. */
function strongest(singles: readonly Single[], size: number): Single[] {
  let count = singles.length;
  while (choose(count, size) > mostSets) count--;
  return [...singles].sort((a, b) => b.drop - a.drop || a.distance - b.distance).slice(0, count);
}

/** All sets of `size` changes, each of another feature. */
function setsOf(singles: readonly Single[], size: number, first = 0): Single[][] {
  if (size === 0) return [[]];
  return singles.slice(first).flatMap((single, i) =>
    setsOf(singles, size - 1, first + i + 1)
      .filter((rest) => rest.every((other) => other.changes[0]!.feature !== single.changes[0]!.feature))
      .map((rest) => [single, ...rest]),
  );
}

/** The nearest few, their numbers moved back towards what they were; the nearest of those. */
async function smallest(search: Search, found: readonly AskedSet[]): Promise<AskedSet> {
  const nearest = [...found].sort(bySize).slice(0, finalists);
  const refined: AskedSet[] = [];
  for (const set of nearest) refined.push(await refine(search, set));
  return refined.sort(bySize)[0]!;
}

async function refine(search: Search, set: AskedSet): Promise<AskedSet> {
  let best = set;
  for (const { feature } of set.changes) {
    const range = search.features[feature]!;
    if (!("categories" in range)) best = await refineNumber(search, best, feature, range);
  }
  return best;
}

/** Rounds of values between the nearest that is not enough and the one that is, until the range's steps leave none. */
async function refineNumber(
  search: Search,
  set: AskedSet,
  feature: string,
  range: Exclude<FeatureRange, { categories: readonly string[] }>,
): Promise<AskedSet> {
  let best = set;
  let tooLittle = Number(search.record[feature]);
  for (;;) {
    const enough = Number(best.changes.find((change) => change.feature === feature)!.to);
    const between = valuesFrom(range, tooLittle, enough, points).slice(1, -1);
    const sets = between
      .map((to) =>
        changeSet(
          search,
          best.changes.map((change) => (change.feature === feature ? { ...change, to } : change)),
        ),
      )
      .filter((one) => search.isPossible(changed(search.record, one.changes)));
    const asked = await ask(search, sets); // in the order away from what it was: the first that suffices is the nearest
    const position = asked.findIndex((one) => suffices(search, one));
    if (asked.length === 0) return best;
    if (position >= 0) best = asked[position]!;
    const last = asked[position < 0 ? asked.length - 1 : position - 1];
    if (last) tooLittle = Number(last.changes.find((change) => change.feature === feature)!.to);
  }
}

/** The sets with their probabilities, as many as may be asked about. */
async function ask({ asker, record }: Search, sets: readonly ChangeSet[]): Promise<AskedSet[]> {
  const probabilities = await asker.ask(sets.map(({ changes }) => changed(record, changes)));
  return Array.from(probabilities, (probability, i) => ({ ...sets[i]!, probability }));
}

function suffices({ record, threshold, isPossible }: Search, { changes, probability }: AskedSet): boolean {
  return probability < threshold && isPossible(changed(record, changes));
}

function changeSet({ features }: Search, changes: readonly FeatureChange[]): ChangeSet {
  const sizes = changes.map(({ feature, from, to }) => distanceBetween(features[feature]!, from, to));
  return { changes, distance: sizes.reduce((sum, size) => sum + size, 0) };
}

function inOrder({ features }: Search, changes: readonly FeatureChange[]): FeatureChange[] {
  const names = Object.keys(features);
  return [...changes].sort((a, b) => names.indexOf(a.feature) - names.indexOf(b.feature));
}

function changed(record: JsonObject, changes: readonly FeatureChange[]): JsonObject {
  return { ...record, ...Object.fromEntries(changes.map(({ feature, to }) => [feature, to])) };
}

function answer({ record, asker }: Search, { changes, distance, probability }: AskedSet): Counterfactual {
  return { changes, record: changed(record, changes), probability, distance, calls: asker.calls };
}

function bySize(a: AskedSet, b: AskedSet): number {
  return a.distance - b.distance || a.probability - b.probability;
}

function logit(p: number): number {
  const inside = Math.min(1 - 1e-12, Math.max(1e-12, p));
  return Math.log(inside / (1 - inside));
}

function choose(n: number, k: number): number {
  let count = 1;
  for (let i = 0; i < k; i++) count = (count * (n - i)) / (i + 1);
  return count;
}

function requireRanges(features: FeatureRanges, actionable: readonly string[]): void {
  const stray = actionable.find((name) => !Object.hasOwn(features, name));
  if (stray === undefined) return;
  throw new RangeError(
    `Cannot search changes of ${quote(stray)}: found no range of it, expected one of ${listOf(Object.keys(features))}`,
  );
}
