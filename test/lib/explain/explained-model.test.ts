import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Matrix, matrixOf } from "../../../lib/core/matrix.ts";
import { telcoCustomers } from "../../../lib/data/samples/telco-customers.ts";
import { ExplainedModel } from "../../../lib/explain/explained-model.ts";
import { LimeTabular } from "../../../lib/explain/lime-tabular.ts";
import { columnNamesOf } from "../../../lib/frame/columns.ts";
import { type Frame, rowObjectsOf } from "../../../lib/frame/frame.ts";
import { bothClasses, type Classifier, labelsOf } from "../../../lib/models/classifier.ts";
import { LogisticRegression } from "../../../lib/models/logistic-regression.ts";
import { Pipeline } from "../../../lib/models/pipeline.ts";
import { compileSignature } from "../../../lib/packaging/signature.ts";
import { writeModelFolder } from "../../../lib/packaging/write-model-folder.ts";
import { binaryLabels } from "../../../lib/prepare/binary-labels.ts";
import { CategoricalEncoder } from "../../../lib/prepare/categorical-encoder.ts";
import { dropNulls } from "../../../lib/prepare/drop-nulls.ts";
import { OneHotEncoder } from "../../../lib/prepare/one-hot-encoder.ts";
import { StandardScaler } from "../../../lib/prepare/standard-scaler.ts";
import { golden } from "../../support/golden.ts";

let customers: Frame;
let X: Matrix;
let model: ExplainedModel;
let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "cellwright-explain-"));
  process.env["CELLWRIGHT_HOME"] = home;
  customers = dropNulls(telcoCustomers({ rows: 1500, seed: 7 }));
  const columns = columnNamesOf(customers).filter((name) => name !== "customerID" && name !== "Churn");
  const encoder = new CategoricalEncoder({ columns });
  X = encoder.fitTransform(customers);
  const pipeline = new Pipeline({
    oneHot: new OneHotEncoder({ categories: encoder.categories }),
    scale: new StandardScaler(),
    classify: new LogisticRegression(),
  }).fit(X, binaryLabels(customers, "Churn", { positive: "Yes" }));
  model = ExplainedModel.from({ data: customers, encoder, pipeline, label: "Churn" });
});

afterAll(() => {
  delete process.env["CELLWRIGHT_HOME"];
  rmSync(home, { recursive: true });
});

describe("ExplainedModel", () => {
  test("knows its features, their types, categories and statistics", () => {
    expect(model.features).toEqual(golden.telco.feature_order);
    expect(model.categories).toEqual(golden.telco.categories);
    expect(model.dataTypes).toMatchObject({ tenure: "number", SeniorCitizen: "category" });
    expect(Object.keys(model.stats)).toEqual(["tenure", "MonthlyCharges", "TotalCharges"]);
    expect(model.stats["tenure"]).toMatchObject({ min: 1, max: 72 });
  });

  test("fills in the first category and the median", () => {
    const { tenure, MonthlyCharges, TotalCharges, ...categories } = model.defaultData;
    const { tenure: _, MonthlyCharges: __, TotalCharges: ___, ...expected } = golden.telco.example_defaults;
    expect(categories).toEqual(expected);
    expect([tenure, MonthlyCharges, TotalCharges]).toEqual(
      ["tenure", "MonthlyCharges", "TotalCharges"].map((name) => model.stats[name]!.median),
    );
    expect(model.cast({})).toEqual(model.defaultData);
  });

  test("casts texts to numbers and numbers to categories", () => {
    expect(model.cast({ tenure: " 12 ", SeniorCitizen: 1 })).toEqual({
      ...model.defaultData,
      tenure: 12,
      SeniorCitizen: "1",
    });
  });

  test("names an unknown key, an unknown category, and a value that is no number", () => {
    expect(() => model.explain({ tenur: 3 })).toThrow('Cannot take the request: found key "tenur", expected "gender"');
    expect(() => model.probability({ Contract: "Weekly" })).toThrow(
      'Cannot take the value of "Contract": found "Weekly", expected one of "Month-to-month", "One year", "Two year"',
    );
    for (const value of ["a lot", "", null, Number.NaN, Number.POSITIVE_INFINITY, true, [3], {}]) {
      expect(() => model.cast({ tenure: value })).toThrow(
        /Cannot take the value of "tenure": found .*, expected a number/,
      );
    }
    expect(() => model.cast({ Contract: null })).toThrow('Cannot take the value of "Contract": found null');
    expect(() => model.cast(JSON.parse('{"__proto__": 1}'))).toThrow('found key "__proto__"');
  });

  test("predicts a record, a frame and the pipeline's rows alike", () => {
    const probabilities = model.predictFrame(customers);
    const rows = model.pipeline.positive(X);
    expect(probabilities).toEqual(rows);
    for (const i of [0, 7, 99]) {
      const record = Object.fromEntries(model.features.map((name) => [name, customers.get(name, i)]));
      expect(model.probability(record)).toBeCloseTo(rows[i]!, 12);
      expect(model.explain(record).probability).toBe(model.probability(record));
    }
  });

  test("explains {} as it explains the defaults, and the same request always alike", () => {
    expect(model.explain({})).toEqual(model.explain(model.defaultData));
    expect(model.explain({}, { seed: 5 })).toEqual(model.explain(model.defaultData, { seed: 5 }));
    expect(model.explain({}, { seed: 5 }).explanation).not.toEqual(model.explain({}, { seed: 6 }).explanation);
    expect(model.explain({ tenure: 1 }).seed).not.toBe(model.explain({ tenure: 2 }).seed);
  });

  test("gives ten weights by falling size, each with what it speaks of", () => {
    const { explanation, conditions, r2, intercept, localPrediction } = model.explain({
      tenure: 1,
      Contract: "Month-to-month",
    });
    const sizes = Object.values(explanation).map(Math.abs);
    expect(sizes).toHaveLength(10);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(Object.keys(conditions)).toEqual(Object.keys(explanation));
    expect(conditions["tenure"]).toMatch(/^tenure <= \d+\.\d\d$/);
    expect(conditions["Contract"]).toBe("Contract=Month-to-month");
    expect(r2).toBeGreaterThan(0.2);
    expect(r2).toBeLessThanOrEqual(1);
    expect(localPrediction).toBeCloseTo(
      Object.values(explanation).reduce((sum, w) => sum + w, intercept),
      12,
    );
  });

  test("has exact contributions that add up to the record's log-odds", () => {
    const { contributions, base, probability } = model.explain(
      { tenure: 60, InternetService: "Fiber optic" },
      { samples: 50 },
    );
    expect(Object.keys(contributions!)).toEqual(model.features);
    const margin = Object.values(contributions!).reduce((sum, value) => sum + value, base!);
    expect(margin).toBeCloseTo(Math.log(probability / (1 - probability)), 10);
  });

  test("has contributions that average to nothing over the rows they are measured against", () => {
    const sums = new Map<string, number>();
    for (const { contributions } of model.explainFrame(customers.slice(0, Infinity) as Frame, { samples: 2 })) {
      for (const [name, value] of Object.entries(contributions!)) sums.set(name, (sums.get(name) ?? 0) + value);
    }
    for (const [, sum] of sums) expect(Math.abs(sum / customers.numRows())).toBeLessThan(1e-9);
  });

  test("explains each row of a table as the record it is", () => {
    const [first] = model.explainFrame(customers.slice(0, 2) as Frame);
    const record = Object.fromEntries(model.features.map((name) => [name, customers.get(name, 0)]));
    expect(first).toEqual(model.explain(record));
  });

  test("is the same after save and load, float for float", () => {
    expect(model.save("telco_linear")).toBe(join(home, "artifacts/models/telco_linear"));
    const back = ExplainedModel.load("telco_linear");
    expect(back.explain({ tenure: 3 })).toEqual(model.explain({ tenure: 3 }));
    expect(back.predictFrame(customers)).toEqual(model.predictFrame(customers));
    expect([back.label, back.signature, back.defaultData, back.stats]).toEqual([
      model.label,
      model.signature,
      model.defaultData,
      model.stats,
    ]);
  });

  test("brings a thousand of its rows along, as requests would say them, through save and load", () => {
    const { reference } = model;
    expect(Object.keys(reference)).toEqual(model.features);
    expect(Object.values(reference).map((values) => values.length)).toEqual(model.features.map(() => 1000));
    const rows = new Set(rowObjectsOf(customers).map((row) => model.features.map((name) => row[name]).join()));
    for (let i = 0; i < 1000; i++) expect(rows).toContain(model.features.map((name) => reference[name]![i]).join());
    model.save("with_reference");
    expect(ExplainedModel.load("with_reference").reference).toEqual(reference);
  });

  test("knows what values its features can take, months in whole ones", () => {
    const { tenure, MonthlyCharges, Contract } = model.ranges;
    expect(tenure).toEqual({ min: 1, max: 72, step: 1 });
    expect(MonthlyCharges).toEqual({
      min: model.stats["MonthlyCharges"]!.min,
      max: model.stats["MonthlyCharges"]!.max,
    });
    expect(Contract).toEqual({ categories: ["Month-to-month", "One year", "Two year"] });
  });

  test("loads what was saved before there were reference rows", () => {
    const { reference: _, ...older } = model.toJSON();
    const back = ExplainedModel.fromJSON(older);
    expect(back.reference).toEqual({});
    expect(back.probability({ tenure: 3 })).toBe(model.probability({ tenure: 3 }));
  });

  test("gives plain JSON", () => {
    const reply = model.explain({});
    expect(JSON.parse(JSON.stringify(reply))).toEqual(reply);
  });

  test("has a signature that its defaults pass and that refuses what cast refuses", () => {
    const check = compileSignature(model.signature);
    expect(check(model.defaultData)).toBeUndefined();
    expect(check({})).toBeUndefined();
    expect(check({ Contract: "Weekly" })).toContain('"Contract"');
    expect(check({ tenur: 1 })).toContain('"tenur"');
  });

  test("explains a model that is no sum by LIME alone", () => {
    const { encoder } = model;
    const other = ExplainedModel.from({ data: customers, encoder, pipeline: new Newcomers(), label: "Churn" });
    const { explanation, contributions, probability } = other.explain({ tenure: 2 });
    expect(probability).toBe(0.9);
    expect(other.probability({ tenure: 50 })).toBe(0.2);
    expect(contributions).toBeUndefined();
    expect(Object.keys(explanation)[0]).toBe("tenure");
  });

  test("refuses to load what is something else", () => {
    writeModelFolder("bare", new LogisticRegression());
    expect(() => ExplainedModel.load("bare")).toThrow(
      'Cannot load "bare" as an explained model: found a LogisticRegression',
    );
  });
});

describe("LimeTabular", () => {
  test("finds the columns that a model uses, in the direction it uses them", () => {
    const rows = matrixOf(
      Array.from({ length: 400 }, (_, i) => [i % 7, i % 2, (i * 31) % 100]),
      ["noise", "flag", "size"],
    );
    const lime = LimeTabular.fit(rows, { categories: { flag: ["no", "yes"] } });
    const positive = (X: Matrix) =>
      Float64Array.from(
        { length: X.rows },
        (_, i) => 0.2 + 0.5 * X.data[3 * i + 1]! - 0.15 * +(X.data[3 * i + 2]! > 75),
      );
    const { weights, prediction, r2 } = lime.explain([3, 1, 90], positive, { seed: 1 });
    expect(weights.map(({ condition }) => condition)).toEqual([
      "flag=yes",
      expect.stringMatching(/^size > 7/),
      expect.stringMatching(/noise/),
    ]);
    expect(weights[0]!.weight).toBeCloseTo(0.5, 1);
    expect(weights[1]!.weight).toBeCloseTo(-0.15, 1);
    expect(Math.abs(weights[2]!.weight)).toBeLessThan(0.02);
    expect(prediction).toBeCloseTo(0.55, 12);
    expect(r2).toBeGreaterThan(0.95);
  });

  test("refuses a row of another length, no rows, no samples", () => {
    const lime = LimeTabular.fit(matrixOf([[1], [2]]));
    const half = (X: Matrix) => new Float64Array(X.rows).fill(0.5);
    expect(() => lime.explain([1, 2], half)).toThrow("found 2 columns, expected 1");
    expect(() => lime.explain([1], half, { samples: 0 })).toThrow("Cannot use samples: found 0");
    expect(() => LimeTabular.fit(matrixOf([]))).toThrow("found no rows");
  });
});

/** Gives newcomers .9 and others .2: no sum over columns that could be folded. */
class Newcomers implements Classifier {
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
    const tenure = X.names!.indexOf("tenure");
    return Float64Array.from({ length: X.rows }, (_, i) => (X.data[i * X.columns + tenure]! < 6 ? 0.9 : 0.2));
  }
  clone(): Newcomers {
    return new Newcomers();
  }
  toJSON(): { kind: string } {
    return { kind: "Newcomers" };
  }
}
