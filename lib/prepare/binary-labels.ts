// A column of yes and no as labels 1 and 0.
import { listOf, quote } from "../core/check.ts";
import { columnOf, type FrameLike } from "../frame/columns.ts";

/**
 * 1 where the column holds `positive`, else 0.
 *
 * @param positive the value that counts as 1: `"Yes"`, `true`, `1`
 * @throws TypeError a row holds no value
 * @throws RangeError `positive` never occurs, or the column holds more than two values
 */
export function binaryLabels(
  frame: FrameLike,
  column: string,
  { positive }: { positive: string | number | boolean },
): Float64Array {
  const values = columnOf(frame, column);
  const found = new Set<unknown>();
  const labels = Float64Array.from(values, (value, i) => {
    if (value === null || value === undefined) {
      throw new TypeError(
        `Cannot label rows by ${quote(column)}: found no value in row ${i}, expected one in every row`,
      );
    }
    found.add(value);
    return value === positive ? 1 : 0;
  });
  if (found.has(positive) && found.size <= 2) return labels;
  const expected = found.size > 2 ? "two values" : `${quote(positive)} among them`;
  throw new RangeError(
    `Cannot label rows by ${quote(column)}: found ${listOf([...found].map(String))}, expected ${expected}`,
  );
}
