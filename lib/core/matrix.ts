// A dense matrix of doubles, row by row. The one numeric table between prepare, models, metrics and explain.

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Row-major, length rows · columns. */
  readonly data: Float64Array;
  /** Column names where they are known, for reports and explanations. */
  readonly names?: readonly string[];
}

/**
 * A matrix from rows of equal length.
 *
 * @throws RangeError the rows differ in length
 */
export function matrixOf(rows: readonly ArrayLike<number>[], names?: readonly string[]): Matrix {
  const columns = rows[0]?.length ?? names?.length ?? 0;
  const data = new Float64Array(rows.length * columns);
  for (const [i, row] of rows.entries()) {
    if (row.length !== columns) {
      throw new RangeError(`Cannot make a matrix: found ${row.length} values in row ${i}, expected ${columns}`);
    }
    data.set(row, i * columns);
  }
  return { rows: rows.length, columns, data, ...(names && { names }) };
}

/** The rows at the given positions, in that order. */
export function takeRows(matrix: Matrix, positions: ArrayLike<number>): Matrix {
  const { columns } = matrix;
  const data = new Float64Array(positions.length * columns);
  for (let i = 0; i < positions.length; i++) {
    const from = positions[i]! * columns;
    data.set(matrix.data.subarray(from, from + columns), i * columns);
  }
  return { ...matrix, rows: positions.length, data };
}
