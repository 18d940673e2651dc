// A table as a matrix: categories become their position in an alphabetical list, numbers stay. Knows no arquero.
import { listOf, quote } from "../core/check.ts";
import type { Matrix } from "../core/matrix.ts";
import { columnNamesOf, columnOf, type FrameLike, rowsOf } from "../frame/columns.ts";
import { requireFitted } from "./transformer.ts";

/** Categorical column → its categories, alphabetically. */
export type Categories = { readonly [column: string]: readonly string[] };

export interface CategoricalEncoderOptions {
  /** Columns to encode, in the matrix's order. Default: every column of the table. */
  readonly columns?: readonly string[];
  /** Columns of text or booleans. Default: those that hold any. */
  readonly categorical?: readonly string[];
}

export interface CategoricalEncoderState {
  readonly kind: "CategoricalEncoder";
  readonly columns: readonly string[];
  readonly categories: Categories;
}

/** Codes categories from 0, alphabetically; the first is what a missing value of a request becomes. */
export class CategoricalEncoder {
  readonly #options: CategoricalEncoderOptions;
  #columns: readonly string[] | undefined;
  #codes: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map();

  constructor(options: CategoricalEncoderOptions = {}) {
    this.#options = options;
  }

  /** Columns of the matrix, in order. */
  get columns(): readonly string[] {
    return requireFitted("read the encoder's columns", this.#columns);
  }

  get categories(): Categories {
    return Object.fromEntries([...this.#codes].map(([column, codes]) => [column, [...codes.keys()]]));
  }

  /**
   * @throws RangeError the table lacks a column
   * @throws TypeError a categorical column holds a null
   */
  fit(frame: FrameLike): this {
    const columns = this.#options.columns ?? columnNamesOf(frame);
    const categorical = this.#options.categorical ?? columns.filter((name) => holdsText(columnOf(frame, name)));
    const stray = categorical.find((name) => !columns.includes(name));
    if (stray !== undefined) {
      throw new RangeError(`Cannot encode column ${quote(stray)}: expected one of ${listOf(columns)}`);
    }
    this.#codes = new Map(
      columns
        .filter((name) => categorical.includes(name))
        .map((name) => [name, codesOf(categoriesOf(name, columnOf(frame, name)))]),
    );
    this.#columns = [...columns];
    return this;
  }

  /**
   * @returns one row per row of the table; categories as their codes
   * @throws RangeError a category was not there in `fit`
   * @throws TypeError a number column holds something else
   */
  transform(frame: FrameLike): Matrix {
    const columns = requireFitted("encode a table", this.#columns);
    const rows = rowsOf(frame);
    const data = new Float64Array(rows * columns.length);
    for (const [j, name] of columns.entries()) {
      const values = columnOf(frame, name);
      for (let i = 0; i < rows; i++) data[i * columns.length + j] = this.encode(name, values[i], i);
    }
    return { rows, columns: columns.length, data, names: columns };
  }

  fitTransform(frame: FrameLike): Matrix {
    return this.fit(frame).transform(frame);
  }

  /**
   * One value as the matrix has it.
   *
   * @param row for the error's text
   */
  encode(column: string, value: unknown, row?: number): number {
    const where = row === undefined ? "" : ` in row ${row}`;
    const codes = this.#codes.get(column);
    if (!codes) {
      const number = typeof value === "bigint" ? Number(value) : value;
      if (typeof number === "number" && Number.isFinite(number)) return number;
      throw new TypeError(`Cannot encode column ${quote(column)}${where}: found ${quote(value)}, expected a number`);
    }
    const code = codes.get(typeof value === "string" ? value : textOf(value));
    if (code !== undefined) return code;
    throw new RangeError(
      `Cannot encode column ${quote(column)}${where}: found ${quote(value)}, expected one of ${listOf(codes.keys())}`,
    );
  }

  /** The category of a code; the number itself in a column of numbers. */
  decode(column: string, code: number): string | number {
    const codes = this.#codes.get(column);
    if (!codes) return code;
    const category = [...codes.keys()][code];
    if (category !== undefined) return category;
    throw new RangeError(
      `Cannot decode column ${quote(column)}: found ${code}, expected a whole number under ${codes.size}`,
    );
  }

  toJSON(): CategoricalEncoderState {
    return { kind: "CategoricalEncoder", columns: this.columns, categories: this.categories };
  }

  static fromJSON({ columns, categories }: CategoricalEncoderState): CategoricalEncoder {
    const encoder = new CategoricalEncoder({ columns, categorical: Object.keys(categories) });
    encoder.#columns = [...columns];
    encoder.#codes = new Map(Object.entries(categories).map(([column, values]) => [column, codesOf(values)]));
    return encoder;
  }
}

function holdsText(values: ArrayLike<unknown>): boolean {
  for (let i = 0; i < values.length; i++) {
    if (typeof values[i] === "string" || typeof values[i] === "boolean") return true;
  }
  return false;
}

function categoriesOf(name: string, values: ArrayLike<unknown>): string[] {
  const found = new Set<string>();
  for (let i = 0; i < values.length; i++) {
    if (values[i] === null || values[i] === undefined) {
      throw new TypeError(
        `Cannot encode column ${quote(name)} in row ${i}: found no value, expected a category (dropNulls leaves such rows out)`,
      );
    }
    found.add(textOf(values[i]));
  }
  return [...found].sort();
}

function codesOf(categories: readonly string[]): ReadonlyMap<string, number> {
  return new Map(categories.map((category, code) => [category, code]));
}

/** Booleans and numbers are categories by their text: `true`, `0`. */
function textOf(value: unknown): string {
  return value === null || value === undefined ? "" : String(value);
}
