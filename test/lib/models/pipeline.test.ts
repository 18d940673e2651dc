import { describe, expect, test } from "vitest";
import { type Matrix, matrixOf } from "../../../lib/core/matrix.ts";
import { seededRandom } from "../../../lib/core/random.ts";
import { bothClasses, type Classifier, labelsOf } from "../../../lib/models/classifier.ts";
import { classifierFromJSON, estimatorFromJSON } from "../../../lib/models/from-json.ts";
import { LogisticRegression } from "../../../lib/models/logistic-regression.ts";
import { Pipeline } from "../../../lib/models/pipeline.ts";
import { OneHotEncoder } from "../../../lib/prepare/one-hot-encoder.ts";
import { StandardScaler } from "../../../lib/prepare/standard-scaler.ts";
import fc from "../../support/fast-check.ts";

const categories = { contract: ["Monthly", "One year", "Two year"] };

describe("Pipeline", () => {
  test("does what its steps do one after the other", () => {
    const { X, y } = rowsOf(200, 1);
    const pipeline = churnPipeline().fit(X, y);
    const oneHot = new OneHotEncoder({ categories }).fit(X);
    const scale = new StandardScaler().fit(oneHot.transform(X));
    const seen = scale.transform(oneHot.transform(X));
    expect(pipeline.transform(X)).toEqual(seen);
    expect(pipeline.steps.classify.coef).toEqual(new LogisticRegression().fit(seen, y).coef);
  });

  test("predicts by its folded sum what the steps predict, for any rows", () => {
    const { X, y } = rowsOf(200, 2);
    const pipeline = churnPipeline().fit(X, y);
    expect(pipeline.margin).toBeDefined();
    const row = fc.tuple(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.nat(2));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), (rows) => {
        const some = matrixOf(rows, X.names);
        const stepwise = pipeline.steps.classify.positive(pipeline.transform(some));
        for (const [i, p] of pipeline.positive(some).entries()) expect(p).toBeCloseTo(stepwise[i]!, 11);
      }),
    );
  });

  test("folds again after another fit", () => {
    const first = rowsOf(100, 3);
    const second = rowsOf(100, 4);
    const pipeline = churnPipeline().fit(first.X, first.y);
    pipeline.positive(first.X);
    pipeline.fit(second.X, second.y);
    expect(pipeline.positive(second.X)).toEqual(churnPipeline().fit(second.X, second.y).positive(second.X));
  });

  test("runs steps that are no sum one after the other", () => {
    const { X, y } = rowsOf(50, 5);
    const pipeline = new Pipeline({ scale: new StandardScaler(), classify: new AboveMean() }).fit(X, y);
    expect(pipeline.margin).toBeUndefined();
    expect([...pipeline.predict(X)]).toEqual(
      Array.from({ length: 50 }, (_, i) => (pipeline.transform(X).data[2 * i]! > 0 ? 1 : 0)),
    );
  });

  test("refuses a code that training did not have", () => {
    const { X, y } = rowsOf(100, 6);
    const pipeline = churnPipeline().fit(X, y);
    expect(() => pipeline.predict(matrixOf([[1, 3]]))).toThrow(
      "found 3 in column 1 of row 0, expected a whole number under 3",
    );
    expect(() => pipeline.predict(matrixOf([[1]]))).toThrow("found 1 columns, expected 2");
  });

  test("is the same after its JSON", () => {
    const { X, y } = rowsOf(100, 7);
    const pipeline = churnPipeline().fit(X, y);
    const back = classifierFromJSON(JSON.parse(JSON.stringify(pipeline)));
    expect(back.positive(X)).toEqual(pipeline.positive(X));
    expect(back.predictProba(X)).toEqual(pipeline.predictProba(X));
  });

  test("clones without what it learned", () => {
    const { X, y } = rowsOf(100, 8);
    const pipeline = churnPipeline().fit(X, y);
    const clone = pipeline.clone();
    expect(() => clone.predict(X)).toThrow("expected fit() before");
    expect(clone.fit(X, y).positive(X)).toEqual(pipeline.positive(X));
  });

  test("refuses steps in a wrong place", () => {
    expect(() => new Pipeline({ classify: new LogisticRegression(), scale: new StandardScaler() })).toThrow(
      'found step "classify", expected a transformer',
    );
    expect(() => new Pipeline({ scale: new StandardScaler() })).toThrow(
      'found step "scale", expected a classifier last',
    );
    expect(() => new Pipeline({})).toThrow("found no steps");
    expect(() => new Pipeline({ 1: new LogisticRegression() })).toThrow('found step name "1"');
  });

  test("names the kinds there are when it meets another", () => {
    expect(() => estimatorFromJSON({ kind: "Oracle" })).toThrow('found kind "Oracle", expected one of "OneHotEncoder"');
    expect(() => estimatorFromJSON({ kind: "toString" })).toThrow('found kind "toString"');
    expect(() => classifierFromJSON(new StandardScaler().toJSON())).toThrow(
      "found a StandardScaler, which does not predict",
    );
  });
});

function churnPipeline() {
  return new Pipeline({
    oneHot: new OneHotEncoder({ categories }),
    scale: new StandardScaler(),
    classify: new LogisticRegression(),
  });
}

/** A number and a coded contract that labels depend on. */
function rowsOf(rows: number, seed: number): { X: Matrix; y: Float64Array } {
  const random = seededRandom(seed);
  const values = Array.from({ length: rows }, () => [random() * 70, Math.floor(random() * 3)]);
  const y = Float64Array.from(values, ([tenure, contract]) =>
    random() < 1 / (1 + Math.exp(tenure! / 30 + contract! - 2)) ? 1 : 0,
  );
  return { X: matrixOf(values, ["tenure", "contract"]), y };
}

/** Calls a row positive when its first value is above zero. */
class AboveMean implements Classifier {
  fit(): this {
    return this;
  }
  predict(X: Matrix): Float64Array {
    return labelsOf(this.positive(X));
  }
  predictProba(X: Matrix): Matrix {
    return bothClasses(this.positive(X));
  }
  positive(X: Matrix): Float64Array {
    return Float64Array.from({ length: X.rows }, (_, i) => (X.data[i * X.columns]! > 0 ? 0.9 : 0.1));
  }
  clone(): AboveMean {
    return new AboveMean();
  }
  toJSON(): { kind: string } {
    return { kind: "AboveMean" };
  }
}
