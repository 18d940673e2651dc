import { describe, expect, test } from "vitest";
import { matrixOf } from "../../../lib/core/matrix.ts";
import { proportionalCounts, splitRows, trainTestSplit } from "../../../lib/prepare/train-test-split.ts";
import fc from "../../support/fast-check.ts";

describe("trainTestSplit", () => {
  test("puts every row in one part, with its label", () => {
    const X = matrixOf(Array.from({ length: 10 }, (_, i) => [i, i * i]));
    const y = [0, 1, 0, 1, 0, 1, 0, 1, 0, 1];
    const { train, test: held, XTrain, XTest, yTrain, yTest } = trainTestSplit(X, y, { testSize: 0.3, seed: 5 });
    expect([...train, ...held].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect([XTrain.rows, XTest.rows]).toEqual([7, 3]);
    for (const [i, row] of held.entries())
      expect([XTest.data[i * 2], XTest.data[i * 2 + 1], yTest[i]]).toEqual([row, row * row, y[row]]);
    expect(yTrain).toEqual(Float64Array.from(train, (row) => y[row]!));
  });

  test("gives the Telco table's test part 467 of its 1869 leavers, as scikit-learn does", () => {
    const labels = Float64Array.from({ length: 7032 }, (_, i) => (i < 1869 ? 1 : 0));
    const { train, test: held } = splitRows(labels, { stratify: true, seed: 42 });
    expect([train.length, held.length]).toEqual([5274, 1758]);
    expect(held.filter((row) => labels[row] === 1)).toHaveLength(467);
  });

  test("keeps every label's share within one row", () => {
    const labels = fc
      .array(fc.nat(2), { minLength: 40, maxLength: 200 })
      .filter((y) => [0, 1, 2].every((l) => y.filter((v) => v === l).length > 1));
    fc.assert(
      fc.property(labels, fc.double({ min: 0.2, max: 0.8, noNaN: true }), fc.nat(), (y, testSize, seed) => {
        const { train, test: held } = splitRows(y, { testSize, stratify: true, seed });
        expect([...train, ...held].sort((a, b) => a - b)).toEqual([...y.keys()]);
        expect(held.length).toBe(Math.ceil(testSize * y.length));
        for (const label of [0, 1, 2]) {
          const exact = (y.filter((v) => v === label).length * train.length) / y.length;
          expect(Math.abs(train.filter((row) => y[row] === label).length - exact)).toBeLessThan(1);
        }
      }),
    );
  });

  test("is the same for a seed and another for another", () => {
    const labels = Array.from({ length: 100 }, (_, i) => i % 2);
    expect(splitRows(labels, { stratify: true, seed: 1 })).toEqual(splitRows(labels, { stratify: true, seed: 1 }));
    expect(splitRows(labels, { stratify: true, seed: 1 })).not.toEqual(splitRows(labels, { stratify: true, seed: 2 }));
  });

  test("deals what is left over by the largest remainder", () => {
    expect(proportionalCounts([5, 3, 2], 4)).toEqual([2, 1, 1]);
    expect(proportionalCounts([1, 1, 1], 2)).toEqual([1, 1, 0]);
    expect(proportionalCounts([7, 3], 10)).toEqual([7, 3]);
  });

  test("says what cannot be split", () => {
    expect(() => splitRows([0, 1], { testSize: 1 })).toThrow("Cannot split 2 rows: found testSize 1");
    expect(() => splitRows([0, 0, 1], { stratify: true })).toThrow("found one row of label 1, expected at least two");
    expect(() => splitRows([0, 0, 1, 1], { stratify: true, testSize: 0.25 })).toThrow("found 1 rows for the test part");
    expect(() => trainTestSplit(matrixOf([[1]]), [0, 1])).toThrow("found 1 and 2 values");
  });
});
