// Calibration: of the rows given about 30 %, do 30 % happen? Pure; knows no plots.

import { requirePositiveInteger } from "../core/check.ts";
import { quantiles } from "../core/statistics.ts";
import { requireProbabilities } from "./probability-scores.ts";

export interface CalibrationCurve {
  /** Mean probability of each bin that holds rows, rising. */
  readonly predicted: Float64Array;
  /** Share of label 1 in the bin. */
  readonly observed: Float64Array;
  /** Rows in the bin. */
  readonly rows: Float64Array;
}

export interface CalibrationOptions {
  /** Default 10. */
  readonly bins?: number;
  /** Bins of equal width over 0…1, or of about equally many rows. Default `uniform`. */
  readonly strategy?: "uniform" | "quantile";
}

/** @throws RangeError lengths differ, there are no rows, or a value is no probability */
export function calibrationCurve(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { bins = 10, strategy = "uniform" }: CalibrationOptions = {},
): CalibrationCurve {
  requireProbabilities(labels, probabilities);
  requirePositiveInteger("bins", bins);
  const fractions = Array.from({ length: bins - 1 }, (_, i) => (i + 1) / bins);
  const edges = strategy === "quantile" ? quantiles(probabilities, fractions) : Float64Array.from(fractions);
  const predicted = new Float64Array(bins);
  const observed = new Float64Array(bins);
  const rows = new Float64Array(bins);
  for (let i = 0; i < labels.length; i++) {
    const bin = edges.reduce((below, edge) => below + (edge < probabilities[i]! ? 1 : 0), 0);
    predicted[bin]! += probabilities[i]!;
    observed[bin]! += labels[i]!;
    rows[bin]! += 1;
  }
  const filled = (values: Float64Array) => values.filter((_, bin) => rows[bin]! > 0);
  return {
    predicted: filled(predicted.map((sum, bin) => sum / rows[bin]!)),
    observed: filled(observed.map((sum, bin) => sum / rows[bin]!)),
    rows: filled(rows),
  };
}
