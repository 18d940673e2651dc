// ROC: how the true positive rate grows as the threshold falls. Pure; knows no plots.
import { ranked } from "./ranked.ts";

export interface RocCurve {
  readonly falsePositiveRate: Float64Array;
  readonly truePositiveRate: Float64Array;
  /** Decision threshold of each point; the first is Infinity (nothing is called positive). */
  readonly threshold: Float64Array;
}

export interface RocOptions {
  /** Leave out points on a straight line between their neighbours. Default true. */
  readonly dropIntermediate?: boolean;
}

/**
 * ROC curve of scores against binary labels; ties share one point.
 *
 * @param labels 0 or 1, length n, both classes present
 * @param scores any finite numbers, length n; higher means more positive
 * @returns points in falling threshold order, from the origin to (1, 1)
 * @throws RangeError lengths differ, a score is not finite, or a class is missing
 * @see Fawcett, An introduction to ROC analysis, 2006, algorithm 1
 */
export function rocCurve(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  { dropIntermediate = true }: RocOptions = {},
): RocCurve {
  const { threshold, hits, alarms } = ranked("draw a ROC curve", labels, scores);
  const all = threshold.keys();
  const kept = Int32Array.from(dropIntermediate ? [...all].filter((k) => isCorner(hits, alarms, k)) : all);
  const positives = hits.at(-1)!;
  const negatives = alarms.at(-1)!;
  return {
    falsePositiveRate: Float64Array.of(0, ...kept.map((k) => alarms[k]!)).map((count) => count / negatives),
    truePositiveRate: Float64Array.of(0, ...kept.map((k) => hits[k]!)).map((count) => count / positives),
    threshold: Float64Array.of(Number.POSITIVE_INFINITY, ...Float64Array.from(kept, (k) => threshold[k]!)),
  };
}

/** Area under the ROC curve: the share of (positive, negative) pairs that the scores put in order, ties counting half. */
export function rocAuc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const { hits, alarms } = ranked("measure the area under a ROC curve", labels, scores);
  let pairs = 0;
  for (let k = 0; k < hits.length; k++) {
    const step = alarms[k]! - (alarms[k - 1] ?? 0);
    pairs += (step * (hits[k]! + (hits[k - 1] ?? 0))) / 2;
  }
  return pairs / (hits.at(-1)! * alarms.at(-1)!);
}

/**
 * Area under any curve by trapezoids.
 *
 * @param x rising or falling throughout
 */
export function auc(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
  return Math.abs(area);
}

/** First and last points, and those where the steps before and after differ. */
function isCorner(hits: Float64Array, alarms: Float64Array, k: number): boolean {
  if (k === 0 || k === hits.length - 1) return true;
  const sameHits = hits[k + 1]! - hits[k]! === hits[k]! - hits[k - 1]!;
  const sameAlarms = alarms[k + 1]! - alarms[k]! === alarms[k]! - alarms[k - 1]!;
  return !(sameHits && sameAlarms);
}
