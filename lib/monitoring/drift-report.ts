// Which features of a model's calls no longer look like the rows it learnt from. Up to 1,000 reference rows a test a feature, by its
// kind, corrected for their number; above that distances, for with many rows every difference is significant.
import type { DriftReport, FeatureDrift, ReferenceRows } from "../contract/monitoring.ts";
import type { JsonValue } from "../contract/signature.ts";
import { chiSquaredTest } from "./chi-squared-test.ts";
import { jensenShannon, normedWasserstein } from "./distances.ts";
import { distributionOf } from "./feature-distribution.ts";
import { type CategoryValues, type FeatureValues, featureValues, type NumberValues } from "./feature-values.ts";
import { holm } from "./holm.ts";
import { kolmogorovSmirnov } from "./kolmogorov-smirnov.ts";
import { proportionsTest } from "./proportions-test.ts";

export interface DriftOptions {
  /** A feature drifts below this corrected p-value. Default 0.05. */
  readonly significance?: number;
  /** With more reference rows than `testedRows` a feature drifts above this distance. Default 0.1. */
  readonly distance?: number;
  /** Default 1,000. */
  readonly testedRows?: number;
}

/** What a test or a distance says of one feature. */
type Finding = Pick<FeatureDrift, "test" | "statistic"> & { readonly pValue?: number };

/**
 * Compares rows of now with reference rows, feature by feature of the reference.
 *
 * Numbers by Kolmogorov and Smirnov's test, binary features by a z-test of their share, other categories by χ²; p-values corrected
 * after Holm. Above 1,000 reference rows by Wasserstein's distance in standard deviations and Jensen and Shannon's distance. A
 * missing number counts as smaller than all. The whole drifts when half of the features do.
 *
 * @param current columns of one length; a feature that is not there is missing everywhere
 */
export function driftReport(
  reference: ReferenceRows,
  current: ReferenceRows,
  { significance = 0.05, distance = 0.1, testedRows = 1000 }: DriftOptions = {},
): Omit<DriftReport, "calls"> {
  const [referenceRows, compared] = [rowsOf(reference), rowsOf(current)];
  const missing: JsonValue[] = new Array<JsonValue>(compared).fill(null);
  const names = compared === 0 ? [] : Object.keys(reference);
  const values = names.map((name) => featureValues(reference[name]!, current[name] ?? missing));
  const tested = referenceRows <= testedRows;
  const findings = values.map(tested ? testOf : distanceOf);
  const pValues = tested ? holm(findings.map(({ pValue }) => pValue!)) : [];
  const features = findings.map((finding, i): FeatureDrift => {
    const drifted = tested ? pValues[i]! < significance : finding.statistic > distance;
    const { type } = values[i]!;
    const corrected = tested && { pValue: pValues[i]! };
    return { feature: names[i]!, type, ...finding, ...corrected, drifted, distribution: distributionOf(values[i]!) };
  });
  const drifted = features.filter((feature) => feature.drifted).length;
  return { referenceRows, compared, features, datasetDrift: drifted > 0 && 2 * drifted >= features.length };
}

function testOf(values: FeatureValues): Finding {
  if (values.type === "number") {
    return {
      test: "kolmogorov-smirnov",
      ...kolmogorovSmirnov(missingFirst(values, "reference"), missingFirst(values, "current")),
    };
  }
  const { categories, reference, current } = values;
  if (categories.length === 2) {
    const shareOf = (counts: readonly number[]) => ({ count: counts[0]!, of: sum(counts) });
    return { test: "z-test", ...proportionsTest(shareOf(reference), shareOf(current)) };
  }
  const { statistic, pValue } = chiSquaredTest(withoutRare(values));
  return { test: "chi-squared", statistic, pValue };
}

function distanceOf(values: FeatureValues): Finding {
  if (values.type === "category") {
    return { test: "jensen-shannon", statistic: jensenShannon(values.reference, values.current) };
  }
  const { reference, current } = values;
  const apart = reference.length > 0 && current.length > 0 ? normedWasserstein(reference, current) : 0;
  return {
    test: "wasserstein",
    statistic: Math.max(apart, Math.abs(missingShare(values, "current") - missingShare(values, "reference"))),
  };
}

type Side = "reference" | "current";

/** A rising share of missing values is drift too. */
function missingFirst(values: NumberValues, side: Side): Float64Array {
  const all = new Float64Array(values.missing[side] + values[side].length).fill(-Infinity);
  all.set(values[side], values.missing[side]);
  return all;
}

function missingShare(values: NumberValues, side: Side): number {
  return values.missing[side] / (values.missing[side] + values[side].length);
}

/** χ² holds where at least five are expected in a cell: rarer categories are taken together. */
function withoutRare({ reference, current }: CategoryValues): number[][] {
  const smaller = Math.min(sum(reference), sum(current)) / (sum(reference) + sum(current));
  const isRare = (i: number): boolean => (reference[i]! + current[i]!) * smaller < 5;
  return [reference, current].map((counts) => [
    ...counts.filter((_, i) => !isRare(i)),
    sum(counts.filter((_, i) => isRare(i))),
  ]);
}

function rowsOf(rows: ReferenceRows): number {
  return Object.values(rows)[0]?.length ?? 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
