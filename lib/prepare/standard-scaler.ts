// Columns moved to mean 0 and standard deviation 1, by the training rows' figures.
import type { Matrix } from "../core/matrix.ts";
import { requireColumns, requireFitted, type Transformer } from "./transformer.ts";

export interface StandardScalerState {
  readonly kind: "StandardScaler";
  readonly mean?: ArrayLike<number>;
  readonly scale?: ArrayLike<number>;
}

interface Fitted {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

/** As scikit-learn's: divides by the standard deviation with n (ddof 0); a constant column is only centred. */
export class StandardScaler implements Transformer {
  #fitted: Fitted | undefined;

  /** Mean of each column. */
  get mean(): Float64Array {
    return requireFitted("read the scaler's means", this.#fitted).mean;
  }

  /** What each column is divided by. */
  get scale(): Float64Array {
    return requireFitted("read the scaler's scales", this.#fitted).scale;
  }

  /** @throws RangeError the matrix has no rows */
  fit(X: Matrix): this {
    if (X.rows === 0) throw new RangeError("Cannot fit the scaler: found no rows, expected at least one");
    const mean = columnMeans(X);
    this.#fitted = { mean, scale: columnScales(X, mean) };
    return this;
  }

  transform(X: Matrix): Matrix {
    const { mean, scale } = requireFitted("scale a matrix", this.#fitted);
    requireColumns("scale a matrix", X, mean.length);
    const data = new Float64Array(X.data.length);
    for (let i = 0, k = 0; i < X.rows; i++) {
      for (let j = 0; j < X.columns; j++, k++) data[k] = (X.data[k]! - mean[j]!) / scale[j]!;
    }
    return { ...X, data };
  }

  fitTransform(X: Matrix): Matrix {
    return this.fit(X).transform(X);
  }

  clone(): StandardScaler {
    return new StandardScaler();
  }

  toJSON(): StandardScalerState {
    if (!this.#fitted) return { kind: "StandardScaler" };
    const { mean, scale } = this.#fitted;
    return { kind: "StandardScaler", mean: Array.from(mean), scale: Array.from(scale) };
  }

  static fromJSON({ mean, scale }: StandardScalerState): StandardScaler {
    const scaler = new StandardScaler();
    if (mean && scale) scaler.#fitted = { mean: Float64Array.from(mean), scale: Float64Array.from(scale) };
    return scaler;
  }
}

function columnMeans({ rows, columns, data }: Matrix): Float64Array {
  const mean = new Float64Array(columns);
  for (let i = 0, k = 0; i < rows; i++) for (let j = 0; j < columns; j++, k++) mean[j]! += data[k]!;
  return mean.map((sum) => sum / rows);
}

function columnScales({ rows, columns, data }: Matrix, mean: Float64Array): Float64Array {
  const squares = new Float64Array(columns);
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, k++) squares[j]! += (data[k]! - mean[j]!) ** 2;
  }
  // A constant column leaves only rounding of its mean behind; dividing by that would blow it up.
  return squares.map((sum, j) => {
    const scale = Math.sqrt(sum / rows);
    return scale > rows * Number.EPSILON * Math.abs(mean[j]!) ? scale : 1;
  });
}
