// How good probabilities are, not only their order: log loss and Brier score.
import { requireSameLength } from "../core/check.ts";

/**
 * Mean −ln of the probability given to what happened.
 *
 * @param probabilities of label 1; 0 and 1 are moved inwards by 2.2e-16, so that one bold error does not make it infinite
 * @throws RangeError lengths differ, there are no rows, or a value is no probability
 */
export function logLoss(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  requireProbabilities(labels, probabilities);
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    const p = Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probabilities[i]!));
    sum -= labels[i] === 1 ? Math.log(p) : Math.log1p(-p);
  }
  return sum / labels.length;
}

/** Mean squared distance of the probability of label 1 from what happened. */
export function brierScore(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  requireProbabilities(labels, probabilities);
  let sum = 0;
  for (let i = 0; i < labels.length; i++) sum += (probabilities[i]! - labels[i]!) ** 2;
  return sum / labels.length;
}

/** @throws RangeError lengths differ, there are no rows, a label is neither 0 nor 1, or a value is no probability */
export function requireProbabilities(labels: ArrayLike<number>, probabilities: ArrayLike<number>): void {
  requireSameLength("labels", labels, "probabilities", probabilities);
  if (labels.length === 0) throw new RangeError("Cannot score probabilities: found no rows, expected at least one");
  for (let i = 0; i < labels.length; i++) {
    const p = probabilities[i]!;
    if (!(p >= 0 && p <= 1))
      throw new RangeError(`Cannot score probabilities: found ${p} in row ${i}, expected 0 to 1`);
    if (labels[i] !== 0 && labels[i] !== 1) {
      throw new RangeError(`Cannot score probabilities: found label ${labels[i]} in row ${i}, expected 0 or 1`);
    }
  }
}
