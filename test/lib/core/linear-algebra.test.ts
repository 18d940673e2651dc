import { describe, expect, test } from "vitest";
import { cholesky, dot, maxAbs, solveSymmetric } from "../../../lib/core/linear-algebra.ts";
import fc from "../../support/fast-check.ts";

describe("linear algebra", () => {
  test("solves what Gauss's elimination solves", () => {
    fc.assert(
      fc.property(positiveDefinite(), ({ a, b }) => {
        const naive = eliminate(a, b);
        for (const [i, x] of solveSymmetric(a, b).entries()) expect(x).toBeCloseTo(naive[i]!, 8);
      }),
    );
  });

  test("factors a matrix into a triangle times its transpose", () => {
    expect(cholesky(Float64Array.of(4, 0, 2, 5), 2)).toEqual(Float64Array.of(2, 0, 1, 2));
  });

  test("refuses a matrix that is not positive definite", () => {
    expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined();
    expect(() => solveSymmetric(Float64Array.of(0), Float64Array.of(1))).toThrow("found a singular matrix");
  });

  test("leaves the right-hand side as it was", () => {
    const b = Float64Array.of(8);
    expect(solveSymmetric(Float64Array.of(4), b)).toEqual(Float64Array.of(2));
    expect(b[0]).toBe(8);
  });

  test("takes products and the largest size, and lets a NaN show", () => {
    expect(dot([1, 2, 3], [4, 5, 6])).toBe(32);
    expect(maxAbs([1, -7, 3])).toBe(7);
    expect(maxAbs([])).toBe(0);
    expect(maxAbs([1, Number.NaN])).toBeNaN();
  });
});

/** A = B·Bᵀ + I and some right-hand side. */
function positiveDefinite() {
  const entry = fc.integer({ min: -5, max: 5 });
  return fc.integer({ min: 1, max: 6 }).chain((n) =>
    fc
      .record({
        root: fc.array(entry, { minLength: n * n, maxLength: n * n }),
        right: fc.array(entry, { minLength: n, maxLength: n }),
      })
      .map(({ root, right }) => {
        const a = new Float64Array(n * n);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++)
            a[i * n + j] = dot(root.slice(i * n, i * n + n), root.slice(j * n, j * n + n)) + (i === j ? 1 : 0);
        }
        return { a, b: Float64Array.from(right) };
      }),
  );
}

function eliminate(a: Float64Array, b: Float64Array): number[] {
  const n = b.length;
  const rows = Array.from(b, (right, i) => [...a.slice(i * n, i * n + n), right]);
  for (let k = 0; k < n; k++) {
    const pivot = rows
      .slice(k)
      .reduce((best, row, i) => (Math.abs(row[k]!) > Math.abs(rows[best]![k]!) ? k + i : best), k);
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    for (const row of rows) {
      if (row === rows[k]) continue;
      const factor = row[k]! / rows[k]![k]!;
      for (let j = k; j <= n; j++) row[j]! -= factor * rows[k]![j]!;
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!);
}
