// What callers hand in, checked at the border in the library's one wording: Cannot ‹do› ‹what›: found ‹x›, expected ‹y›.

/**
 * @param nameA what the caller calls `a`: `labels`
 * @throws RangeError the two differ in length
 */
export function requireSameLength(nameA: string, a: ArrayLike<unknown>, nameB: string, b: ArrayLike<unknown>): void {
  if (a.length === b.length) return;
  throw new RangeError(
    `Cannot pair ${nameA} with ${nameB}: found ${a.length} and ${b.length} values, expected as many`,
  );
}

/** @throws RangeError `value` is not one of 1, 2, 3, … */
export function requirePositiveInteger(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw new RangeError(`Cannot use ${name}: found ${quote(value)}, expected a positive integer`);
}

/** @throws RangeError a value is NaN, infinite or no number */
export function requireFinite(name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(`Cannot use ${name}: found ${quote(values[i])} at position ${i}, expected finite numbers`);
    }
  }
}

/** A value as an error message shows it: text in double quotes, at most 60 characters of it. */
export function quote(value: unknown): string {
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value);
}

/** Names as an error message lists them: `"age", "sex"`; the first twelve and how many more. */
export function listOf(names: Iterable<string>): string {
  const all = [...names];
  if (all.length === 0) return "nothing";
  const shown = all.slice(0, 12).map(quote).join(", ");
  return all.length > 12 ? `${shown} and ${all.length - 12} more` : shown;
}
