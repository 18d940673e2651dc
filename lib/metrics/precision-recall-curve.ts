// Precision against recall as the threshold falls. Pure; knows no plots.
import { ranked } from "./ranked.ts";

export interface PrecisionRecallCurve {
  readonly precision: Float64Array;
  readonly recall: Float64Array;
  /** Decision threshold of each point; the last point (precision 1, recall 0) has none and gets Infinity. */
  readonly threshold: Float64Array;
}

/**
 * @param labels 0 or 1, both present
 * @param scores higher means more positive
 * @returns points in rising threshold order, as scikit-learn's
 * @throws RangeError lengths differ, a score is not finite, or a class is missing
 */
export function precisionRecallCurve(labels: ArrayLike<number>, scores: ArrayLike<number>): PrecisionRecallCurve {
  const { threshold, hits, alarms } = ranked("draw a precision-recall curve", labels, scores);
  const positives = hits.at(-1)!;
  const precision = hits.map((hit, k) => hit / (hit + alarms[k]!)).reverse();
  const recall = hits.map((hit) => hit / positives).reverse();
  return {
    precision: Float64Array.of(...precision, 1),
    recall: Float64Array.of(...recall, 0),
    threshold: Float64Array.of(...threshold.slice().reverse(), Number.POSITIVE_INFINITY),
  };
}

/** Mean precision over the steps of recall, without interpolation. */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const { precision, recall } = precisionRecallCurve(labels, scores);
  let sum = 0;
  for (let k = 0; k + 1 < recall.length; k++) sum += (recall[k]! - recall[k + 1]!) * precision[k]!;
  return sum;
}
