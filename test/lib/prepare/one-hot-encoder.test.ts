import { describe, expect, test } from "vitest";
import { matrixOf } from "../../../lib/core/matrix.ts";
import { OneHotEncoder } from "../../../lib/prepare/one-hot-encoder.ts";
import fc from "../../support/fast-check.ts";
import { golden } from "../../support/golden.ts";

const categories = { gender: ["Female", "Male"], contract: ["Monthly", "One year", "Two year"] };
const X = matrixOf(
  [
    [0, 12.5, 2],
    [1, 3, 0],
  ],
  ["gender", "tenure", "contract"],
);

describe("OneHotEncoder", () => {
  test("puts every category in its own column, then the numbers", () => {
    const encoder = new OneHotEncoder({ categories });
    expect(encoder.fitTransform(X)).toEqual({
      rows: 2,
      columns: 6,
      names: ["gender=Female", "gender=Male", "contract=Monthly", "contract=One year", "contract=Two year", "tenure"],
      data: Float64Array.of(1, 0, 0, 0, 1, 12.5, 0, 1, 1, 0, 0, 3),
    });
    expect(encoder.layout).toEqual([
      { at: 0, width: 2 },
      { at: 5, width: 0 },
      { at: 2, width: 3 },
    ]);
  });

  test("names the 46 columns of the Telco table as scikit-learn's example does", () => {
    const { feature_order, categories, full_data_L2_C1_optimum } = golden.telco;
    const encoder = new OneHotEncoder({ categories }).fit(matrixOf([], feature_order));
    expect(encoder.names).toEqual(full_data_L2_C1_optimum.column_order);
  });

  test("has exactly one 1 per category", () => {
    const rows = fc.array(fc.tuple(fc.nat(1), fc.integer(), fc.nat(2)), { minLength: 1 });
    fc.assert(
      fc.property(rows, (rows) => {
        const out = new OneHotEncoder({ categories }).fitTransform(matrixOf(rows, X.names));
        for (const [i, [gender, tenure, contract]] of rows.entries()) {
          const row = [...out.data.slice(i * 6, i * 6 + 6)];
          expect(row).toEqual([
            +(gender === 0),
            +(gender === 1),
            +(contract === 0),
            +(contract === 1),
            +(contract === 2),
            tenure,
          ]);
        }
      }),
    );
  });

  test("refuses a code that there is not", () => {
    const encoder = new OneHotEncoder({ categories }).fit(X);
    for (const code of [2, -1, 0.5]) {
      expect(() => encoder.transform(matrixOf([[code, 1, 0]]))).toThrow(
        `Cannot one-hot encode column "gender": found ${code}`,
      );
    }
  });

  test("refuses a matrix without a column, or of another width", () => {
    expect(() => new OneHotEncoder({ categories }).fit(matrixOf([[1]], ["gender"]))).toThrow(
      'column "contract": the matrix has "gender"',
    );
    expect(() => new OneHotEncoder({ categories }).fit(X).transform(matrixOf([[1]]))).toThrow(
      "found 1 columns, expected 3 as in fit",
    );
  });

  test("is the same after its JSON, fitted or not", () => {
    const encoder = new OneHotEncoder({ categories });
    expect(OneHotEncoder.fromJSON(JSON.parse(JSON.stringify(encoder))).fitTransform(X)).toEqual(
      encoder.clone().fitTransform(X),
    );
    encoder.fit(X);
    expect(OneHotEncoder.fromJSON(JSON.parse(JSON.stringify(encoder))).transform(X)).toEqual(encoder.transform(X));
  });
});
