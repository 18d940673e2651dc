// How does the prediction move with one feature, all else as it is? The average over rows is partial dependence (Friedman, Greedy
// function approximation, 2001, section 8.2), the curve of each row an individual conditional expectation (Goldstein et al. 2015).
import type { JsonObject, JsonValue } from "../contract/signature.ts";
import { quote, requirePositiveInteger } from "../core/check.ts";
import { mean, quantiles } from "../core/statistics.ts";
import { Asker, type PredictRecords } from "./asker.ts";
import { type FeatureRange, valuesFrom } from "./feature-range.ts";

export interface PartialDependenceOptions {
  /** The model: probabilities of complete records. May go over the network; is asked rows · values records. */
  readonly predict: PredictRecords;
  readonly feature: string;
  /** Values to try: a list, or the feature's range. Default: what the rows have, numbers from their 5 % to their 95 % quantile. */
  readonly values?: readonly JsonValue[] | FeatureRange;
  /** Values to try of a number. Default 20. */
  readonly points?: number;
  /** Keep each row's own curve too. Default false. */
  readonly ice?: boolean;
  /** Records in one call of `predict`. Default 100. */
  readonly batchSize?: number;
}

export interface PartialDependence {
  readonly feature: string;
  readonly values: readonly JsonValue[];
  /** Mean probability over the rows, one a value. */
  readonly mean: readonly number[];
  /** One curve a row. */
  readonly ice?: readonly (readonly number[])[];
  /** Records that the model was asked about. */
  readonly calls: number;
}

/**
 * Partial dependence of a model on one feature; of a single record, its what-if curve.
 *
 * Every row is asked about with every value, also where the two never go together: read it as what the model would say.
 *
 * @param records complete; a hundred are enough for a smooth average
 * @throws RangeError there are no records
 * @throws TypeError a record lacks the feature
 */
export async function partialDependence(
  records: readonly JsonObject[],
  { predict, feature, values, points = 20, ice = false, ...options }: PartialDependenceOptions,
): Promise<PartialDependence> {
  requirePositiveInteger("points", points);
  const tried = gridOf(feature, values ?? rangeOf(feature, records), points);
  const asker = new Asker(predict, options);
  const probabilities = await asker.ask(
    tried.flatMap((value) => records.map((record) => ({ ...record, [feature]: value }))),
  );
  const rows = records.length;
  return {
    feature,
    values: tried,
    mean: tried.map((_, v) => mean(probabilities.subarray(v * rows, (v + 1) * rows))),
    ...(ice && { ice: records.map((_, i) => tried.map((_, v) => probabilities[v * rows + i]!)) }),
    calls: asker.calls,
  };
}

function gridOf(feature: string, values: readonly JsonValue[] | FeatureRange, points: number): readonly JsonValue[] {
  if (isList(values)) return values;
  if ("categories" in values) return values.categories;
  if (values.max > values.min) return valuesFrom(values, values.min, values.max, Math.max(2, points));
  if (values.max === values.min) return [values.min];
  throw new RangeError(
    `Cannot try values of ${quote(feature)}: found the range ${values.min} to ${values.max}, expected a rising one`,
  );
}

function isList(values: readonly JsonValue[] | FeatureRange): values is readonly JsonValue[] {
  return Array.isArray(values);
}

/** What the rows have of a feature. */
function rangeOf(feature: string, records: readonly JsonObject[]): readonly JsonValue[] | FeatureRange {
  if (records.length === 0) throw new RangeError("Cannot measure partial dependence: found no records");
  const values = records.map((record) => record[feature]);
  const missing = values.findIndex((value) => value === undefined || value === null);
  if (missing >= 0) {
    throw new TypeError(
      `Cannot measure partial dependence: found no ${quote(feature)} in record ${missing}, expected complete records`,
    );
  }
  if (!values.every((value) => typeof value === "number")) return [...new Set(values as JsonValue[])].sort();
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  if (distinct.length <= 10) return distinct;
  const [min, max] = Array.from(quantiles(values, [0.05, 0.95]));
  if (!values.every(Number.isInteger)) return { min: min!, max: max! };
  return { min: Math.round(min!), max: Math.round(max!), step: 1 };
}
