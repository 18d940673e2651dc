import { describe, expect, test } from "vitest";
import { type Matrix, matrixOf } from "../../../lib/core/matrix.ts";
import { StandardScaler } from "../../../lib/prepare/standard-scaler.ts";
import { golden, lcg } from "../../support/golden.ts";

describe("StandardScaler", () => {
  test("has scikit-learn's means, scales and values", () => {
    const X = twelveByThree();
    const scaler = new StandardScaler();
    const out = scaler.fitTransform(X);
    const { mean, scale, out: rows } = golden.statistics.standard;
    for (let j = 0; j < 3; j++) {
      expect(scaler.mean[j]).toBeCloseTo(mean[j], 10);
      expect(scaler.scale[j]).toBeCloseTo(scale[j], 10);
    }
    for (const [k, value] of rows.flat().entries()) expect(out.data[k]).toBeCloseTo(value, 10);
  });

  test("only centres a constant column, also one whose mean is not exact", () => {
    const X = matrixOf([
      [5, 0.1],
      [5, 0.1],
      [5, 0.1],
    ]);
    const scaler = new StandardScaler().fit(X);
    expect([...scaler.scale]).toEqual([1, 1]);
    expect(Math.max(...scaler.transform(X).data.map(Math.abs))).toBeLessThan(1e-15);
  });

  test("keeps names and does not change its input", () => {
    const X = matrixOf([[1], [3]], ["tenure"]);
    expect(new StandardScaler().fitTransform(X).names).toEqual(["tenure"]);
    expect([...X.data]).toEqual([1, 3]);
  });

  test("is the same after its JSON", () => {
    const X = twelveByThree();
    const scaler = new StandardScaler().fit(X);
    expect(StandardScaler.fromJSON(JSON.parse(JSON.stringify(scaler))).transform(X)).toEqual(scaler.transform(X));
  });

  test("refuses to transform before fit, no rows, and another width", () => {
    expect(() => new StandardScaler().transform(matrixOf([[1]]))).toThrow("expected fit() before");
    expect(() => new StandardScaler().fit(matrixOf([]))).toThrow("found no rows");
    expect(() => new StandardScaler().fit(matrixOf([[1]])).transform(matrixOf([[1, 2]]))).toThrow(
      "found 2 columns, expected 1",
    );
  });
});

function twelveByThree(): Matrix {
  const [a, b, c] = [lcg(31, 12), lcg(32, 12), lcg(33, 12)];
  return matrixOf(Array.from({ length: 12 }, (_, i) => [a[i]! * 4, Math.floor(b[i]! * 5), c[i]! ** 2]));
}
