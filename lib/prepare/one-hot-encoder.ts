// Coded categories as columns of 0 and 1, every category its own; the other columns follow unchanged.
import { listOf, quote } from "../core/check.ts";
import type { Matrix } from "../core/matrix.ts";
import type { Categories } from "./categorical-encoder.ts";
import { requireColumns, requireFitted, type Transformer } from "./transformer.ts";

export interface OneHotEncoderOptions {
  /** Column → what its codes 0, 1, … mean, as `CategoricalEncoder#categories` says. Columns not named pass through. */
  readonly categories: Categories;
}

/** Where one input column's values go: `width` columns from `at`; a width of 0 is a number that passes through. */
export interface OneHotColumn {
  readonly at: number;
  readonly width: number;
}

export interface OneHotEncoderState {
  readonly kind: "OneHotEncoder";
  readonly categories: Categories;
  /** Input columns; none before fit. */
  readonly names?: readonly string[];
}

/**
 * All levels one-hot, without leaving one out: a penalised model needs no reference level, and every level gets its name
 * `gender=Female`. Categorical columns come first in the input's order, then the others in theirs.
 */
export class OneHotEncoder implements Transformer {
  readonly #categories: Categories;
  #names: readonly string[] | undefined;
  #layout: readonly OneHotColumn[] = [];
  #outputNames: readonly string[] = [];

  constructor({ categories }: OneHotEncoderOptions) {
    this.#categories = categories;
  }

  /** Where each input column's values are in the output. */
  get layout(): readonly OneHotColumn[] {
    return this.#layout;
  }

  /** Names of the output's columns. */
  get names(): readonly string[] {
    return this.#outputNames;
  }

  /** @throws RangeError the matrix lacks a named column */
  fit(X: Matrix): this {
    const names = X.names ?? [];
    const missing = Object.keys(this.#categories).find((name) => !names.includes(name));
    if (missing !== undefined) {
      throw new RangeError(`Cannot one-hot encode column ${quote(missing)}: the matrix has ${listOf(names)}`);
    }
    return this.#learn(names.length > 0 ? names : Array.from({ length: X.columns }, (_, j) => `x${j}`));
  }

  /** @throws RangeError a value is no code of its column */
  transform(X: Matrix): Matrix {
    const names = requireFitted("one-hot encode", this.#names);
    requireColumns("one-hot encode", X, names.length);
    const columns = this.#outputNames.length;
    const data = new Float64Array(X.rows * columns);
    for (let j = 0; j < X.columns; j++) {
      const { at, width } = this.#layout[j]!;
      for (let i = 0; i < X.rows; i++) {
        const value = X.data[i * X.columns + j]!;
        if (width === 0) data[i * columns + at] = value;
        else data[i * columns + at + requireCode(names[j]!, value, width)] = 1;
      }
    }
    return { rows: X.rows, columns, data, names: this.#outputNames };
  }

  fitTransform(X: Matrix): Matrix {
    return this.fit(X).transform(X);
  }

  clone(): OneHotEncoder {
    return new OneHotEncoder({ categories: this.#categories });
  }

  toJSON(): OneHotEncoderState {
    return { kind: "OneHotEncoder", categories: this.#categories, ...(this.#names && { names: this.#names }) };
  }

  static fromJSON({ categories, names }: OneHotEncoderState): OneHotEncoder {
    const encoder = new OneHotEncoder({ categories });
    return names ? encoder.#learn(names) : encoder;
  }

  #learn(names: readonly string[]): this {
    const coded = names.filter((name) => Object.hasOwn(this.#categories, name));
    const others = names.filter((name) => !coded.includes(name));
    const places = new Map<string, OneHotColumn>();
    let at = 0;
    for (const name of [...coded, ...others]) {
      const width = coded.includes(name) ? this.#categories[name]!.length : 0;
      places.set(name, { at, width });
      at += width || 1;
    }
    this.#names = [...names];
    this.#layout = names.map((name) => places.get(name)!);
    this.#outputNames = [
      ...coded.flatMap((name) => this.#categories[name]!.map((category) => `${name}=${category}`)),
      ...others,
    ];
    return this;
  }
}

function requireCode(name: string, value: number, width: number): number {
  if (Number.isInteger(value) && value >= 0 && value < width) return value;
  throw new RangeError(
    `Cannot one-hot encode column ${quote(name)}: found ${value}, expected a whole number under ${width}`,
  );
}
