// Where to draw the line: what false alarms and missed cases cost together, for every threshold. Pure; knows no plots.
import { requireFinite, requireSameLength } from "../core/check.ts";

export interface CostOptions {
  /** What acting on a row of label 0 costs. Default 1. */
  readonly falseAlarm?: number;
  /** What not acting on a row of label 1 costs. Default 1. */
  readonly missed?: number;
}

/** One entry per threshold, rising: acting on rows whose score is at least the threshold. */
export interface CostCurve {
  /** 0, every distinct score above it, and Infinity, where nobody is acted on. */
  readonly threshold: Float64Array;
  /** Total cost. */
  readonly cost: Float64Array;
  readonly falseAlarms: Float64Array;
  readonly missed: Float64Array;
  /** The cheapest point; of several the highest threshold, which acts least. */
  readonly best: CostPoint;
}

export interface CostPoint {
  readonly threshold: number;
  readonly cost: number;
  readonly falseAlarms: number;
  readonly missed: number;
}

/**
 * Cost over thresholds. Calibrated probabilities are cheapest at falseAlarm / (falseAlarm + missed) (Elkan, The foundations of
 * cost-sensitive learning, 2001); a plot says how much another threshold would cost.
 *
 * @param labels 0 or 1; where the truth is not known yet, its chance: with `scores` themselves the costs are the expected ones
 * @param scores probabilities of label 1
 * @throws RangeError lengths differ, there are no rows, a value is outside 0…1, or a cost is negative
 */
export function costCurve(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  { falseAlarm = 1, missed = 1 }: CostOptions = {},
): CostCurve {
  requireRows(labels, scores);
  requireCosts({ falseAlarm, missed });
  const points = sweep(labels, scores).map((point) => ({
    ...point,
    cost: falseAlarm * point.falseAlarms + missed * point.missed,
  }));
  return {
    threshold: Float64Array.from(points, (point) => point.threshold),
    cost: Float64Array.from(points, (point) => point.cost),
    falseAlarms: Float64Array.from(points, (point) => point.falseAlarms),
    missed: Float64Array.from(points, (point) => point.missed),
    best: points.reduce((best, point) => (point.cost <= best.cost ? point : best)),
  };
}

function sweep(labels: ArrayLike<number>, scores: ArrayLike<number>): Omit<CostPoint, "cost">[] {
  const order = Int32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let falseAlarms = 0;
  for (const i of order) falseAlarms += 1 - labels[i]!;
  let missed = 0;
  const points = [{ threshold: 0, falseAlarms, missed }];
  for (const [k, i] of order.entries()) {
    missed += labels[i]!;
    falseAlarms -= 1 - labels[i]!;
    const next = k + 1 < order.length ? scores[order[k + 1]!]! : Number.POSITIVE_INFINITY;
    if (next > scores[i]!) points.push({ threshold: next, falseAlarms: Math.max(0, falseAlarms), missed });
  }
  return points;
}

function requireRows(labels: ArrayLike<number>, scores: ArrayLike<number>): void {
  requireSameLength("labels", labels, "scores", scores);
  if (labels.length === 0) throw new RangeError("Cannot draw a cost curve: found no rows, expected at least one");
  for (const [name, values] of Object.entries({ labels, scores })) {
    requireFinite(name, values);
    const stray = Array.from(values).find((value) => value < 0 || value > 1);
    if (stray === undefined) continue;
    throw new RangeError(`Cannot draw a cost curve: found ${stray} in ${name}, expected 0 to 1`);
  }
}

function requireCosts(costs: { readonly [name: string]: number }): void {
  for (const [name, cost] of Object.entries(costs)) {
    if (cost >= 0 && Number.isFinite(cost)) continue;
    throw new RangeError(`Cannot use the cost ${name}: found ${cost}, expected 0 or more`);
  }
}
