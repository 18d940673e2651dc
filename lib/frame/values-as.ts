// Values of one column made ready for a type, or the first one that does not fit named.
import { quote } from "../core/check.ts";
import type { FieldType } from "./field-type.ts";

/**
 * The values as an array of what the type holds; undefined becomes null, NaN stays a number.
 *
 * @throws TypeError a value does not fit; names column and row (0-based)
 */
export function valuesAs(name: string, values: ArrayLike<unknown>, type: FieldType): unknown[] {
  const { fits, expected, convert } = rules[type];
  return Array.from({ length: values.length }, (_, i) => {
    const value = values[i];
    if (value === null || value === undefined) return null;
    if (fits(value)) return convert ? convert(value) : value;
    throw new TypeError(
      `Cannot store column ${quote(name)} as ${type}: found ${shown(value)} in row ${i}, expected ${expected}`,
    );
  });
}

interface Rule {
  readonly fits: (value: unknown) => boolean;
  readonly expected: string;
  readonly convert?: (value: unknown) => unknown;
}

const number: Rule = { fits: (value) => typeof value === "number", expected: "numbers" };
const time: Rule = {
  fits: (value) => isDate(value) && Number.isFinite(value.getTime()),
  expected: "dates",
};

const rules: { readonly [Type in FieldType]: Rule } = {
  string: { fits: (value) => typeof value === "string", expected: "text" },
  double: number,
  float: number,
  long: {
    fits: (value) => Number.isSafeInteger(typeof value === "bigint" ? Number(value) : value),
    expected: "whole numbers up to 2^53 − 1",
    convert: Number,
  },
  integer: {
    fits: (value) => Number.isInteger(value) && (value as number) === ((value as number) | 0),
    expected: "whole numbers of 32 bits",
    convert: (value) => (value as number) | 0,
  },
  boolean: { fits: (value) => typeof value === "boolean", expected: "true or false" },
  timestamp: time,
  date: time,
};

/** By tag: a Date made in a notebook's own context is no instance of this one's. */
function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === "[object Date]";
}

function shown(value: unknown): string {
  return typeof value === "object" ? "an object" : quote(value);
}
