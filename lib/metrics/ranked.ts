// How hits and false alarms grow as the threshold falls: what ROC and precision-recall curves are drawn from.
import { requireFinite, requireSameLength } from "../core/check.ts";

/** One entry per distinct score, falling. */
export interface Ranked {
  readonly threshold: Float64Array;
  /** Rows of label 1, of label 0, with at least that score. */
  readonly hits: Float64Array;
  readonly alarms: Float64Array;
}

/**
 * @param doing for the error's text: `draw a ROC curve`
 * @throws RangeError lengths differ, a score is not finite, a label is neither 0 nor 1, or a class is missing
 */
export function ranked(doing: string, labels: ArrayLike<number>, scores: ArrayLike<number>): Ranked {
  requireSameLength("labels", labels, "scores", scores);
  requireFinite("scores", scores);
  requireBothLabels(doing, labels);
  const order = Int32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const threshold: number[] = [];
  const hits: number[] = [];
  const alarms: number[] = [];
  let hit = 0;
  for (const [k, i] of order.entries()) {
    hit += labels[i]!;
    if (k + 1 < order.length && scores[order[k + 1]!] === scores[i]) continue; // ties share one entry
    threshold.push(scores[i]!);
    hits.push(hit);
    alarms.push(k + 1 - hit);
  }
  return { threshold: Float64Array.from(threshold), hits: Float64Array.from(hits), alarms: Float64Array.from(alarms) };
}

/** @throws RangeError a label is neither 0 nor 1, or one of them is missing */
export function requireBothLabels(doing: string, labels: ArrayLike<number>): void {
  const found = [...new Set(Array.from(labels))].sort((a, b) => a - b);
  if (found.length === 2 && found[0] === 0 && found[1] === 1) return;
  const what = found.length === 1 ? `only label ${found[0]}` : `labels ${found.slice(0, 5).join(", ") || "none"}`;
  throw new RangeError(`Cannot ${doing}: found ${what}, expected 0 and 1`);
}
