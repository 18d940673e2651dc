// Descriptive statistics of one column of numbers, as numpy and pandas compute them.

/** @returns NaN for no values */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/**
 * Standard deviation in two passes.
 *
 * @param ddof subtracted from n in the divisor: 0 describes these values (numpy), 1 estimates their population's (pandas). Default 0.
 */
export function standardDeviation(values: ArrayLike<number>, { ddof = 0 }: { ddof?: number } = {}): number {
  const centre = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - centre) ** 2;
  return Math.sqrt(squares / (values.length - ddof));
}

/**
 * Quantiles by linear interpolation between order statistics (numpy's default).
 *
 * @param fractions each in 0…1
 * @throws RangeError there are no values
 */
export function quantiles(values: ArrayLike<number>, fractions: readonly number[]): Float64Array {
  if (values.length === 0) throw new RangeError("Cannot take quantiles: found no values, expected at least one");
  const sorted = Float64Array.from(values).sort();
  return Float64Array.from(fractions, (fraction) => {
    const position = fraction * (sorted.length - 1);
    const below = Math.floor(position);
    const step = (sorted[below + 1] ?? sorted[below]!) - sorted[below]!;
    return sorted[below]! + step * (position - below);
  });
}

/** @throws RangeError there are no values */
export function median(values: ArrayLike<number>): number {
  return quantiles(values, [0.5])[0]!;
}

export interface NumberStats {
  readonly median: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** With n − 1, as pandas' `std`; 0 for a single value. */
  readonly std: number;
}

/**
 * @param values finite numbers
 * @throws RangeError there are no values
 */
export function statsOf(values: ArrayLike<number>): NumberStats {
  const [min, middle, max] = quantiles(values, [0, 0.5, 1]);
  const std = values.length > 1 ? standardDeviation(values, { ddof: 1 }) : 0;
  return { median: middle!, mean: mean(values), min: min!, max: max!, std };
}
