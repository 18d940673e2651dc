// A request's record as a row of numbers and back: missing keys take their default, values are cast, what does not fit is named.
import { listOf, quote } from "../core/check.ts";
import type { Categories } from "../prepare/categorical-encoder.ts";

/** One value a feature: a category or a number. */
export type FeatureRecord = { readonly [feature: string]: string | number };

interface Feature {
  readonly at: number;
  /** Category → code; none for a number. */
  readonly codes: ReadonlyMap<string, number> | undefined;
}

/** Compiled once per model; `row` is on the path of every prediction. */
export class RecordEncoder {
  readonly #names: readonly string[];
  readonly #categories: Categories;
  readonly #features: ReadonlyMap<string, Feature>;
  readonly #defaults: Float64Array;

  /** @param numbers default of each number; a category's default is its first */
  constructor(names: readonly string[], categories: Categories, numbers: { readonly [name: string]: number }) {
    this.#names = names;
    this.#categories = categories;
    this.#features = new Map(names.map((name, at) => [name, { at, codes: codesOf(categories[name]) }]));
    this.#defaults = Float64Array.from(names, (name) => numbers[name] ?? 0);
  }

  /**
   * @throws RangeError a key or category is unknown
   * @throws TypeError a value is none of its feature's type
   */
  row(input: object): Float64Array {
    const row = this.#defaults.slice();
    for (const key of Object.keys(input)) {
      const feature = this.#features.get(key);
      if (!feature)
        throw new RangeError(`Cannot take the request: found key ${quote(key)}, expected ${listOf(this.#names)}`);
      const value = (input as { readonly [key: string]: unknown })[key];
      row[feature.at] = feature.codes ? codeOf(key, value, feature.codes) : numberOf(key, value);
    }
    return row;
  }

  record(row: ArrayLike<number>): FeatureRecord {
    return Object.fromEntries(this.#names.map((name, j) => [name, this.#categories[name]?.[row[j]!] ?? row[j]!]));
  }
}

function codesOf(categories: readonly string[] | undefined): ReadonlyMap<string, number> | undefined {
  return categories && new Map(categories.map((category, code) => [category, code]));
}

/** Numbers and booleans are taken for their text: a SeniorCitizen of 0 is "0". */
function codeOf(key: string, value: unknown, codes: ReadonlyMap<string, number>): number {
  const plain = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  const code = codes.get(plain as string);
  if (code !== undefined) return code;
  throw new RangeError(
    `Cannot take the value of ${quote(key)}: found ${shown(value)}, expected one of ${listOf(codes.keys())}`,
  );
}

function numberOf(key: string, value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  const cast = typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
  if (Number.isFinite(cast)) return cast;
  throw new TypeError(`Cannot take the value of ${quote(key)}: found ${shown(value)}, expected a number`);
}

function shown(value: unknown): string {
  return typeof value === "object" && value !== null ? "an object" : quote(value);
}
