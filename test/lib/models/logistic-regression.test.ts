import { describe, expect, test } from "vitest";
import { type Matrix, matrixOf } from "../../../lib/core/matrix.ts";
import { seededRandom } from "../../../lib/core/random.ts";
import { logisticDesign } from "../../../lib/models/logistic-design.ts";
import { gramOf, logisticLoss } from "../../../lib/models/logistic-loss.ts";
import { LogisticRegression } from "../../../lib/models/logistic-regression.ts";
import fc from "../../support/fast-check.ts";
import { golden, lcg } from "../../support/golden.ts";

describe("LogisticRegression", () => {
  test("has scikit-learn's weights at C = 1 and C = 0.1", () => {
    const { X, y } = goldenRows();
    for (const C of ["0.1", "1.0"]) {
      const { coef, intercept } = golden.statistics[`logistic_l2_C${C}`];
      const model = new LogisticRegression({ C: Number(C) }).fit(X, y);
      expect(model.converged).toBe(true);
      for (const [j, weight] of model.coef.entries()) expect(weight).toBeCloseTo(coef[j], 6);
      expect(model.intercept).toBeCloseTo(intercept, 6);
    }
  });

  test("ends where the gradient of the plain sum vanishes, on columns that add up to each other", () => {
    const { X, y } = oneHotRows(400, 3);
    for (const C of [1e-4, 1, 1e4]) {
      const model = new LogisticRegression({ C }).fit(X, y);
      expect(model.converged).toBe(true);
      const { gradient } = plainLoss(X, y, model.coef, model.intercept, C);
      expect(Math.max(...gradient.map(Math.abs))).toBeLessThanOrEqual(1.01e-8);
    }
  });

  test("converges on data that a line separates", () => {
    const X = matrixOf([[0], [1], [2], [3]]);
    const model = new LogisticRegression({ C: 1e4 }).fit(X, [0, 0, 1, 1]);
    expect(model.converged).toBe(true);
    expect([...model.predict(X)]).toEqual([0, 0, 1, 1]);
  });

  test("says honestly that it was stopped before it converged", () => {
    const { X, y } = goldenRows();
    const model = new LogisticRegression({ maxIter: 2 }).fit(X, y);
    expect(model).toMatchObject({ converged: false, nIter: 2 });
    expect(model.gradientNorm).toBeGreaterThan(1e-8);
  });

  test("goes through the origin without an intercept", () => {
    const { X, y } = goldenRows();
    const model = new LogisticRegression({ fitIntercept: false }).fit(X, y);
    expect(model.intercept).toBe(0);
    const { gradient } = plainLoss(X, y, model.coef, 0, 1);
    expect(Math.max(...gradient.slice(0, -1).map(Math.abs))).toBeLessThanOrEqual(1.01e-8);
  });

  test("predicts both columns, the positive one, and the likelier label alike", () => {
    const { X, y } = goldenRows();
    const model = new LogisticRegression().fit(X, y);
    const both = model.predictProba(X);
    const positive = model.positive(X);
    expect(model.classes).toEqual([0, 1]);
    for (const [i, label] of model.predict(X).entries()) {
      expect(both.data[2 * i]! + both.data[2 * i + 1]!).toBeCloseTo(1, 14);
      expect(both.data[2 * i + 1]).toBe(positive[i]);
      expect(label).toBe(positive[i]! > 0.5 ? 1 : 0);
    }
  });

  test("is the same after its JSON", () => {
    const { X, y } = goldenRows();
    const model = new LogisticRegression({ C: 0.3 }).fit(X, y);
    const back = LogisticRegression.fromJSON(JSON.parse(JSON.stringify(model)));
    expect(back.positive(X)).toEqual(model.positive(X));
    expect(back).toMatchObject({ converged: true, nIter: model.nIter, options: { C: 0.3 } });
    expect(() => LogisticRegression.fromJSON(JSON.parse(JSON.stringify(new LogisticRegression()))).predict(X)).toThrow(
      "fit() before",
    );
  });

  test("refuses what it cannot learn from", () => {
    const X = matrixOf([[1], [2]]);
    expect(() => new LogisticRegression().fit(X, [1, 1])).toThrow("found only label 1 in 2 rows, expected 0 and 1");
    expect(() => new LogisticRegression().fit(X, [0, 2])).toThrow("found label 2 in row 1, expected 0 or 1");
    expect(() => new LogisticRegression().fit(X, [0])).toThrow("Cannot pair rows with labels: found 2 and 1 values");
    expect(() => new LogisticRegression().fit(matrixOf([[1], [Number.NaN]]), [0, 1])).toThrow(
      "found NaN at position 1",
    );
    expect(() => new LogisticRegression().fit(X, [0, 1]).predict(matrixOf([[1, 2]]))).toThrow(
      "found 2 columns, expected 1",
    );
  });

  test("refuses options out of their range by name", () => {
    expect(() => new LogisticRegression({ C: 0 })).toThrow("Cannot use C: found 0, expected a positive number");
    expect(() => new LogisticRegression({ tol: -1 })).toThrow("Cannot use tol");
    expect(() => new LogisticRegression({ maxIter: 1.5 })).toThrow("Cannot use maxIter");
    expect(() => new LogisticRegression({ solver: "saga" as never })).toThrow(
      'Cannot use solver "saga": expected "lbfgs" or "gd"',
    );
    expect(() => new LogisticRegression({ solver: "gd", C: 1 })).toThrow('Cannot use C with solver "gd"');
  });
});

describe('solver "gd", the package ml-logistic-regression', () => {
  test("takes the package's steps: as many, from zero, along the summed gradient", () => {
    const { X, y } = goldenRows();
    const model = new LogisticRegression({ solver: "gd", maxIter: 3, learningRate: 0.01 }).fit(X, y);
    let weights = new Float64Array(X.columns);
    for (let step = 0; step < 3; step++) {
      const { gradient } = plainLoss(X, y, weights, 0, Number.POSITIVE_INFINITY);
      weights = weights.map((weight, j) => weight - 0.01 * X.rows * gradient[j]!);
    }
    for (const [j, weight] of model.coef.entries()) expect(weight).toBeCloseTo(weights[j]!, 12);
    expect(model).toMatchObject({ intercept: 0, nIter: 3, converged: false });
  });

  test("comes near the unpenalised optimum through the origin after many small steps", () => {
    const { X, y } = goldenRows();
    const descended = new LogisticRegression({ solver: "gd", maxIter: 3000, learningRate: 0.02 }).fit(X, y);
    const optimal = new LogisticRegression({ C: 1e9, fitIntercept: false }).fit(X, y);
    for (const [j, weight] of descended.coef.entries()) expect(weight).toBeCloseTo(optimal.coef[j]!, 4);
    expect(descended.gradientNorm).toBeLessThan(1e-5);
  });

  test("predicts and is saved like the other", () => {
    const { X, y } = goldenRows();
    const model = new LogisticRegression({ solver: "gd", maxIter: 20 }).fit(X, y);
    expect(LogisticRegression.fromJSON(JSON.parse(JSON.stringify(model))).positive(X)).toEqual(model.positive(X));
  });
});

describe("the objective", () => {
  test("has the plain sum's value and gradient, whatever columns are two-valued, constant or dense", () => {
    const value = fc.double({ min: -3, max: 3, noNaN: true });
    const column = fc.oneof(
      fc.tuple(value, value).chain(([a, b]) => fc.array(fc.constantFrom(a, b), { minLength: 9, maxLength: 9 })),
      fc.array(value, { minLength: 9, maxLength: 9 }),
    );
    fc.assert(
      fc.property(
        fc.array(column, { minLength: 1, maxLength: 5 }),
        fc.array(value, { minLength: 6, maxLength: 6 }),
        fc.nat(510),
        (columns, weights, bits) => {
          const X = matrixOf(Array.from({ length: 9 }, (_, i) => columns.map((values) => values[i]!)));
          const y = Array.from({ length: 9 }, (_, i) => (bits >> i) & 1);
          const w = Float64Array.from(weights.slice(0, columns.length + 1));
          const gradient = new Float64Array(w.length);
          const C = 0.7;
          const found = logisticLoss(logisticDesign(X), y, 1 / (C * 9), true)(w, gradient);
          const plain = plainLoss(X, y, w.slice(0, -1), w.at(-1)!, C);
          expect(found).toBeCloseTo(plain.value, 10);
          for (const [j, slope] of gradient.entries()) expect(slope).toBeCloseTo(plain.gradient[j]!, 10);
        },
      ),
    );
  });

  test("stays finite for weights of any size", () => {
    const { X, y } = goldenRows();
    const gradient = new Float64Array(X.columns + 1);
    for (const size of [1e3, 1e6]) {
      const w = new Float64Array(X.columns + 1).fill(size);
      const value = logisticLoss(logisticDesign(X), y, 0, true)(w, gradient);
      expect(value).toBeCloseTo(plainLoss(X, y, w.slice(0, -1), size, Number.POSITIVE_INFINITY).value, 6);
      expect(gradient.every(Number.isFinite)).toBe(true);
    }
  });

  test("guesses its curvature from XᵀX", () => {
    const { X } = oneHotRows(50, 2);
    const gram = gramOf(logisticDesign(X))!;
    const order = X.columns + 1;
    for (let a = 0; a < order; a++) {
      for (let b = 0; b < order; b++) {
        let plain = 0;
        for (let i = 0; i < X.rows; i++) plain += entry(X, i, a) * entry(X, i, b);
        expect(gram[a * order + b]).toBeCloseTo(plain / X.rows, 10);
      }
    }
  });
});

/** A column of ones follows the matrix's own. */
function entry(X: Matrix, i: number, j: number): number {
  return j === X.columns ? 1 : X.data[i * X.columns + j]!;
}

/** Mean log loss + |w|²/(2Cn) and its gradient, written down as it is read. */
function plainLoss(
  X: Matrix,
  y: ArrayLike<number>,
  w: Float64Array,
  b: number,
  C: number,
): { value: number; gradient: number[] } {
  const gradient = new Array<number>(X.columns + 1).fill(0);
  let value = 0;
  for (let i = 0; i < X.rows; i++) {
    const row = X.data.slice(i * X.columns, (i + 1) * X.columns);
    const z = row.reduce((sum, x, j) => sum + x * w[j]!, b);
    value += (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - y[i]! * z) / X.rows;
    const residual = (1 / (1 + Math.exp(-z)) - y[i]!) / X.rows;
    for (const [j, x] of row.entries()) gradient[j]! += residual * x;
    gradient[X.columns]! += residual;
  }
  for (const [j, weight] of w.entries()) {
    value += weight ** 2 / (2 * C * X.rows);
    gradient[j]! += weight / (C * X.rows);
  }
  return { value, gradient };
}

/** The 200 × 6 rows that golden.statistics' models were fitted on. */
function goldenRows(): { X: Matrix; y: Float64Array } {
  const F = Array.from({ length: 6 }, (_, j) => lcg(100 + j, 200).map((u) => u * 2 - 1));
  const chance = lcg(200, 200);
  const X = matrixOf(Array.from({ length: 200 }, (_, i) => F.map((column) => column[i]!)));
  const z = Float64Array.from({ length: 200 }, (_, i) => 2 * F[0]![i]! - F[1]![i]! + 0.5 * F[2]![i]! * F[3]![i]!);
  const y = z.map((value, i) => (chance[i]! < 1 / (1 + Math.exp(-2 * value)) ? 1 : 0));
  expect([...y.slice(0, 20)]).toEqual(golden.statistics.F_check.yc_first20);
  return { X, y };
}

/** Two categories one-hot in all levels, a number, and labels that depend on them: the columns are collinear. */
function oneHotRows(rows: number, seed: number): { X: Matrix; y: Float64Array } {
  const random = seededRandom(seed);
  const y = new Float64Array(rows);
  const X = matrixOf(
    Array.from({ length: rows }, (_, i) => {
      const a = Math.floor(random() * 3);
      const b = random() < 0.2 ? 1 : 0;
      const number = random() * 10;
      y[i] = random() < 1 / (1 + Math.exp(-(a - 1 - 2 * b + 0.2 * number - 1))) ? 1 : 0;
      return [+(a === 0), +(a === 1), +(a === 2), 1 - b, b, number];
    }),
  );
  return { X, y };
}
