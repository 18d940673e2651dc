// How far two distributions are apart, where samples are so large that a test finds every difference significant.
import { standardDeviation } from "../core/statistics.ts";

/**
 * Wasserstein's distance of two samples: the mean way to carry one onto the other, as scipy's `wasserstein_distance`.
 *
 * @throws RangeError a sample is empty
 */
export function wassersteinDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length === 0 || b.length === 0)
    throw new RangeError(`Cannot compare samples: found ${a.length} and ${b.length} values, expected some of each`);
  const [x, y] = [Float64Array.from(a).sort(), Float64Array.from(b).sort()];
  let distance = 0;
  let last = Math.min(x[0]!, y[0]!);
  for (let i = 0, j = 0; i < x.length || j < y.length; ) {
    const value = Math.min(x[i] ?? Infinity, y[j] ?? Infinity);
    distance += Math.abs(i / x.length - j / y.length) * (value - last);
    while (i < x.length && x[i] === value) i++;
    while (j < y.length && y[j] === value) j++;
    last = value;
  }
  return distance;
}

/** Wasserstein's distance in standard deviations of the reference; of a constant reference the distance itself. */
export function normedWasserstein(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  return wassersteinDistance(reference, current) / (standardDeviation(reference) || 1);
}

/**
 * Jensen and Shannon's distance of two lists of shares or counts, 0 to 1: the square root of the divergence to base 2, as scipy's
 * `jensenshannon` with base 2.
 */
export function jensenShannon(p: readonly number[], q: readonly number[]): number {
  const [sumP, sumQ] = [sum(p), sum(q)];
  let divergence = 0;
  for (let i = 0; i < p.length; i++) {
    const [a, b] = [p[i]! / sumP, q[i]! / sumQ];
    const middle = (a + b) / 2;
    if (a > 0) divergence += (a * Math.log2(a / middle)) / 2;
    if (b > 0) divergence += (b * Math.log2(b / middle)) / 2;
  }
  return Math.sqrt(Math.max(0, divergence));
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
