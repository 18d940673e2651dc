// Small dense linear algebra on row-major typed arrays: what ridge regressions and preconditioners need.

/** Σ aᵢbᵢ over the shorter length. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = Math.min(a.length, b.length);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Largest |xᵢ|; 0 for no values. */
export function maxAbs(x: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    const size = Math.abs(x[i]!);
    if (!(size <= largest)) largest = size; // a NaN comes out as NaN
  }
  return largest;
}

/**
 * Cholesky factor L of a symmetric positive definite matrix, A = L·Lᵀ.
 *
 * @param a n × n, row-major; only the lower triangle is read
 * @returns the lower factor, n × n; undefined when A is not positive definite
 */
export function cholesky(a: Float64Array, n: number): Float64Array | undefined {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      if (i !== j) lower[i * n + j] = sum / lower[j * n + j]!;
      else if (sum > 0) lower[i * n + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return lower;
}

/** Solves L·Lᵀ·x = b in place of `b`. */
export function solveByCholesky(lower: Float64Array, n: number, b: Float64Array): Float64Array {
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= lower[i * n + k]! * b[k]!;
    b[i] = sum / lower[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let k = i + 1; k < n; k++) sum -= lower[k * n + i]! * b[k]!;
    b[i] = sum / lower[i * n + i]!;
  }
  return b;
}

/**
 * Solves A·x = b for symmetric positive definite A.
 *
 * @throws RangeError A is not positive definite
 */
export function solveSymmetric(a: Float64Array, b: Float64Array): Float64Array {
  const lower = cholesky(a, b.length);
  if (!lower) {
    throw new RangeError("Cannot solve the linear system: found a singular matrix, expected a positive definite one");
  }
  return solveByCholesky(lower, b.length, Float64Array.from(b));
}
