// Many tests at once: p-values made larger, so that the chance of even one false alarm stays what it was for one test.

/**
 * Holm's step-down correction (1979).
 *
 * @returns corrected p-values in the order of the given ones, at most 1
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[a]! - pValues[b]!);
  const corrected = new Array<number>(pValues.length);
  let greatest = 0;
  for (const [rank, i] of order.entries()) {
    greatest = Math.max(greatest, Math.min(1, (pValues.length - rank) * pValues[i]!));
    corrected[i] = greatest;
  }
  return corrected;
}
