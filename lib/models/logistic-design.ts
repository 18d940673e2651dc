// The columns of a logistic regression in the form its sums run fastest over: a column that takes two values (one-hot,
// standardised or not) is kept as the list of rows where it takes the rarer one; the others stay dense. Exact: nothing is
// approximated but the order of additions.
import type { Matrix } from "../core/matrix.ts";

export interface LogisticDesign {
  readonly rows: number;
  readonly columns: number;
  /** Columns of two values: their positions, the commoner value, and how much the rarer one is larger. */
  readonly twoValued: Int32Array;
  readonly base: Float64Array;
  readonly delta: Float64Array;
  /** Row i takes the rarer value in the two-valued columns `index[start[i]] … index[start[i + 1] − 1]` (numbered among themselves). */
  readonly start: Int32Array;
  readonly index: Uint16Array;
  /** The other columns: their positions and, row by row, their values. */
  readonly dense: Int32Array;
  readonly values: Float64Array;
}

export function logisticDesign(X: Matrix): LogisticDesign {
  const { rows, columns, data } = X;
  const { first, second, seconds, more } = valuesOf(X);
  const every = Int32Array.from({ length: columns }, (_, j) => j);
  const twoValued = every.filter((j) => more[j] === 0);
  const dense = every.filter((j) => more[j] === 1);
  const secondIsRare = (j: number) => seconds[j]! * 2 <= rows;
  const base = Float64Array.from(twoValued, (j) => (secondIsRare(j) ? first[j]! : second[j]!));
  const rare = Float64Array.from(twoValued, (j) => (secondIsRare(j) ? second[j]! : first[j]!));
  const rareRows = twoValued.reduce((sum, j) => sum + Math.min(seconds[j]!, rows - seconds[j]!), 0);

  const start = new Int32Array(rows + 1);
  const index = new Uint16Array(rareRows);
  const values = new Float64Array(rows * dense.length);
  for (let i = 0, at = 0, filled = 0, v = 0; i < rows; i++, at += columns) {
    for (let t = 0; t < twoValued.length; t++) if (data[at + twoValued[t]!] !== base[t]) index[filled++] = t;
    for (let d = 0; d < dense.length; d++) values[v++] = data[at + dense[d]!]!;
    start[i + 1] = filled;
  }
  return {
    rows,
    columns,
    twoValued,
    base,
    delta: rare.map((value, t) => value - base[t]!),
    start,
    index,
    dense,
    values,
  };
}

interface ColumnValues {
  /** The value of the first row, the first other value (the same where there is none), and how often the second occurs. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly seconds: Int32Array;
  /** 1 where a column has a third value. */
  readonly more: Uint8Array;
}

function valuesOf({ rows, columns, data }: Matrix): ColumnValues {
  const first = data.slice(0, columns);
  const second = data.slice(0, columns);
  const seconds = new Int32Array(columns);
  const more = new Uint8Array(columns);
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, k++) {
      const value = data[k]!;
      if (value === first[j]) continue;
      if (seconds[j] === 0) second[j] = value;
      if (value === second[j]) seconds[j]!++;
      else more[j] = 1;
    }
  }
  return { first, second, seconds, more };
}
