// Do two samples of numbers come from one distribution? The greatest distance between their distribution functions, and how
// likely one as great is by chance.
import { kolmogorovTail } from "../core/distributions.ts";

export interface KolmogorovSmirnov {
  /** The greatest distance, 0 to 1. */
  readonly statistic: number;
  readonly pValue: number;
}

/** Above so many pairs the limit distribution takes the place of counting paths. */
const mostPairs = 1e7;

/**
 * The two-sided test of two samples, as scipy's `ks_2samp`. Exact up to 10⁷ pairs of values, and with ties on the safe side.
 *
 * @param a not empty; NaN sorts nowhere and must not be there, −Infinity may
 * @param b not empty
 * @throws RangeError a sample is empty
 */
export function kolmogorovSmirnov(a: ArrayLike<number>, b: ArrayLike<number>): KolmogorovSmirnov {
  if (a.length === 0 || b.length === 0)
    throw new RangeError(`Cannot compare samples: found ${a.length} and ${b.length} values, expected some of each`);
  const greatest = greatestDistance(Float64Array.from(a).sort(), Float64Array.from(b).sort());
  const pairs = a.length * b.length;
  const pValue =
    pairs <= mostPairs
      ? shareOfPathsBeyond(a.length, b.length, greatest)
      : kolmogorovTail((Math.sqrt(pairs / (a.length + b.length)) * greatest) / pairs);
  return { statistic: greatest / pairs, pValue };
}

/** In steps of 1 / (a.length · b.length), so that it is a whole number. */
function greatestDistance(a: Float64Array, b: Float64Array): number {
  let greatest = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const value = Math.min(a[i]!, b[j]!);
    while (a[i] === value) i++;
    while (b[j] === value) j++;
    greatest = Math.max(greatest, Math.abs(i * b.length - j * a.length));
  }
  return greatest;
}

/**
 * Every order of the pooled values is a path of a.length steps up and b.length steps right; the share of them that is anywhere at
 * least as far from the diagonal (Hodges 1958). Plain: share(i, j) = far(i, j) ? 1 : (i · share(i − 1, j) + j · share(i, j − 1)) / (i + j).
 */
function shareOfPathsBeyond(m: number, n: number, distance: number): number {
  if (distance === 0) return 1;
  const share = new Float64Array(n + 1);
  for (let j = 0; j <= n; j++) share[j] = j * m >= distance ? 1 : 0;
  for (let i = 1; i <= m; i++) {
    if (i * n >= distance) share[0] = 1;
    for (let j = 1; j <= n; j++) {
      const far = Math.abs(i * n - j * m) >= distance;
      share[j] = far ? 1 : (i * share[j]! + j * share[j - 1]!) / (i + j);
    }
  }
  return share[n]!;
}
