// LIME for tables: why did the model say that about this row? A linear model around the row answers, in the row's own words.
// Ribeiro, Singh and Guestrin, "Why should I trust you?", 2016; details as in the reference package (lime 0.2.0.1).
import { requirePositiveInteger } from "../core/check.ts";
import type { Matrix } from "../core/matrix.ts";
import { seededRandom } from "../core/random.ts";
import type { Categories } from "../prepare/categorical-encoder.ts";
import { requireColumns } from "../prepare/transformer.ts";
import { type ColumnDraw, drawNeighbourhood } from "./neighbourhood.ts";
import { binName, binOf, quartileBins } from "./quartile-bins.ts";
import { fitSurrogate } from "./surrogate.ts";

export interface LimeTabularOptions {
  /** Coded columns and what their codes mean; the others are numbers. Default none. */
  readonly categories?: Categories;
}

export interface LimeOptions {
  /** The same seed gives the same explanation. Default 0. */
  readonly seed?: number;
  /** Rows drawn around the explained one, itself included. Default 5000. */
  readonly samples?: number;
  /** Columns in the explanation. Default 10. */
  readonly features?: number;
}

export interface LimeExplanation {
  /** By falling |weight|; a weight is what the condition adds to the probability of label 1. */
  readonly weights: readonly LimeWeight[];
  readonly intercept: number;
  /** How much of the model's behaviour around the row the explanation catches, at most 1. */
  readonly r2: number;
  /** What the explanation itself predicts for the row. */
  readonly localPrediction: number;
  /** What the model predicts for the row. */
  readonly prediction: number;
}

export interface LimeWeight {
  readonly feature: string;
  /** `Contract=Two year`, `9.00 < tenure <= 29.00` */
  readonly condition: string;
  readonly weight: number;
}

export interface LimeTabularState {
  readonly kind: "LimeTabular";
  readonly names: readonly string[];
  readonly categories: Categories;
  readonly draws: readonly ColumnDraw[];
}

/** Learns the columns' distributions once, then explains any row of any model that takes such rows. */
export class LimeTabular {
  readonly #names: readonly string[];
  readonly #categories: Categories;
  readonly #draws: readonly ColumnDraw[];

  private constructor({ names, categories, draws }: LimeTabularState) {
    this.#names = names;
    this.#categories = categories;
    this.#draws = draws;
  }

  /**
   * @param X training rows, categories as codes
   * @throws RangeError there are no rows
   */
  static fit(X: Matrix, { categories = {} }: LimeTabularOptions = {}): LimeTabular {
    if (X.rows === 0) throw new RangeError("Cannot fit LIME: found no rows, expected at least one");
    const names = X.names ?? Array.from({ length: X.columns }, (_, j) => `x${j}`);
    const draws = names.map((name, j): ColumnDraw => {
      const column = Float64Array.from({ length: X.rows }, (_, i) => X.data[i * X.columns + j]!);
      return Object.hasOwn(categories, name) ? sharesOf(column) : { quartiles: quartileBins(column) };
    });
    return new LimeTabular({ kind: "LimeTabular", names, categories, draws });
  }

  /**
   * @param row as the matrix's rows
   * @param positive the model's probability of label 1 for any rows
   * @throws RangeError the row has another length than the training rows
   */
  explain(
    row: ArrayLike<number>,
    positive: (X: Matrix) => Float64Array,
    { seed = 0, samples = 5000, features = 10 }: LimeOptions = {},
  ): LimeExplanation {
    requirePositiveInteger("samples", samples);
    requirePositiveInteger("features", features);
    const columns = this.#names.length;
    requireColumns("explain a row", { rows: 1, columns: row.length, data: new Float64Array() }, columns);
    const { values, same } = drawNeighbourhood(row, this.#draws, samples, seededRandom(seed));
    const target = positive({ rows: samples, columns, data: values, names: this.#names });
    const found = fitSurrogate(same, target, nearness(same, samples, columns), { features });
    const weights = found.columns.map((j, k) => ({
      feature: this.#names[j]!,
      condition: this.#condition(j, row[j]!),
      weight: found.weights[k]!,
    }));
    const { intercept, r2, localPrediction } = found;
    return { weights, intercept, r2, localPrediction, prediction: target[0]! };
  }

  toJSON(): LimeTabularState {
    return { kind: "LimeTabular", names: this.#names, categories: this.#categories, draws: this.#draws };
  }

  static fromJSON(state: LimeTabularState): LimeTabular {
    return new LimeTabular(state);
  }

  #condition(j: number, value: number): string {
    const name = this.#names[j]!;
    const draw = this.#draws[j]!;
    if ("codes" in draw) return `${name}=${this.#categories[name]?.[value] ?? value}`;
    const { edges } = draw.quartiles;
    return binName(name, edges, binOf(edges, value));
  }
}

/** √exp(−d²/w²) with w = ¾√p, where d² counts the columns that differ. */
function nearness(same: Uint8Array, samples: number, columns: number): Float64Array {
  const width = 0.5625 * columns;
  const byDifferent = Float64Array.from({ length: columns + 1 }, (_, different) =>
    Math.sqrt(Math.exp(-different / width)),
  );
  const weights = new Float64Array(samples);
  for (let i = 0, k = 0; i < samples; i++) {
    let different = columns;
    for (let j = 0; j < columns; j++, k++) different -= same[k]!;
    weights[i] = byDifferent[different]!;
  }
  return weights;
}

/** Codes that occur, with their shares. */
function sharesOf(column: Float64Array): ColumnDraw {
  const counts = new Map<number, number>();
  for (const code of column) counts.set(code, (counts.get(code) ?? 0) + 1);
  const codes = [...counts.keys()].sort((a, b) => a - b);
  return { codes, shares: codes.map((code) => counts.get(code)! / column.length) };
}
