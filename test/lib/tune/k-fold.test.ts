import { describe, expect, test } from "vitest";
import { KFold, StratifiedKFold } from "../../../lib/tune/k-fold.ts";
import fc from "../../support/fast-check.ts";

const labels = fc.array(fc.nat(2), { minLength: 20, maxLength: 80 });

describe("KFold and StratifiedKFold", () => {
  test("hold each row back once and train on all the others", () => {
    fc.assert(
      fc.property(
        labels,
        fc.boolean(),
        fc.nat(),
        fc.constantFrom(KFold, StratifiedKFold),
        (y, shuffle, seed, Folds) => {
          const parts = new Folds({ folds: 4, shuffle, seed }).split(y);
          expect(parts.flatMap(({ test }) => [...test]).sort((a, b) => a - b)).toEqual([...y.keys()]);
          for (const { train, test } of parts) expect([...train, ...test].sort((a, b) => a - b)).toEqual([...y.keys()]);
        },
      ),
    );
  });

  test("make parts of equal size, the first ones a row larger", () => {
    const sizes = new KFold({ folds: 3 }).split([0, 0, 0, 0, 0, 0, 0, 0]).map(({ test }) => test.length);
    expect(sizes).toEqual([3, 3, 2]);
    expect([...new KFold({ folds: 3 }).split([0, 0, 0, 0, 0, 0, 0, 0])[1]!.test]).toEqual([3, 4, 5]);
  });

  test("keep each label's share within one row in every fold", () => {
    fc.assert(
      fc.property(labels, fc.boolean(), (y, shuffle) => {
        for (const { test } of new StratifiedKFold({ folds: 5, shuffle }).split(y)) {
          for (const label of [0, 1, 2]) {
            const share = y.filter((v) => v === label).length / 5;
            expect(Math.abs(test.filter((row) => y[row] === label).length - share)).toBeLessThan(1);
          }
        }
      }),
    );
  });

  test("deal labels to folds in order as scikit-learn does", () => {
    // StratifiedKFold(3).split(X, [1, 0, 0, 1, 1, 0, 1, 0, 1]) of scikit-learn 1.9.1
    const folds = new StratifiedKFold({ folds: 3 }).split([1, 0, 0, 1, 1, 0, 1, 0, 1]).map(({ test }) => [...test]);
    expect(folds).toEqual([
      [0, 1, 3],
      [2, 4, 6],
      [5, 7, 8],
    ]);
  });

  test("shuffle by their seed alone", () => {
    const y = Array.from({ length: 30 }, (_, i) => i % 2);
    const split = (seed: number) => new StratifiedKFold({ shuffle: true, seed }).split(y);
    expect(split(1)).toEqual(split(1));
    expect(split(1)).not.toEqual(split(2));
  });

  test("say that there are too few rows or folds", () => {
    expect(() => new KFold().split([0, 1])).toThrow("Cannot cut into 5 folds: found 2 rows");
    expect(() => new StratifiedKFold({ folds: 3 }).split([0, 0, 1, 1])).toThrow("found 2 rows of the commonest label");
    expect(() => new KFold({ folds: 1 })).toThrow("Cannot use folds: found 1, expected at least 2");
  });
});
