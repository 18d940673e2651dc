// The published Telco table, by CHURN_CSV=path: counts, the fixed split's scores, 20-split means and the explanation of one row
// are the published ones. Skipped with a line without it, for the file is not ours to ship.
import { beforeAll, describe, expect, test } from "vitest";
import { takeRows } from "../../lib/core/matrix.ts";
import { mean, statsOf } from "../../lib/core/statistics.ts";
import { readCsv } from "../../lib/data/read-csv.ts";
import { telcoSchema } from "../../lib/data/samples/telco-schema.ts";
import { ExplainedModel } from "../../lib/explain/explained-model.ts";
import { columnNamesOf, columnOf, rowsOf } from "../../lib/frame/columns.ts";
import type { Frame } from "../../lib/frame/frame.ts";
import { accuracy } from "../../lib/metrics/confusion-matrix.ts";
import { logLoss } from "../../lib/metrics/probability-scores.ts";
import { rocAuc } from "../../lib/metrics/roc-curve.ts";
import { take, trainTestSplit } from "../../lib/prepare/train-test-split.ts";
import { golden } from "../support/golden.ts";
import { churnPipeline, type Telco, telco } from "./telco-model.ts";

const path = process.env["CHURN_CSV"];
if (!path) console.log("skipped: the published Telco table: CHURN_CSV is not set");

describe.skipIf(!path)("the published Telco table", () => {
  let raw: Frame;
  let data: Telco;
  beforeAll(async () => {
    raw = await readCsv(path!, { schema: telcoSchema });
    data = telco(raw);
  });

  test("has the published counts, categories and statistics", () => {
    const { counts, categories, feature_order, numeric_stats_clean } = golden.telco;
    expect([rowsOf(raw), columnNamesOf(raw).length]).toEqual([counts.raw_rows, counts.columns]);
    expect(Array.from(columnOf(raw, "TotalCharges")).filter((value) => value === null)).toHaveLength(
      counts.blank_TotalCharges,
    );
    expect(rowsOf(data.clean)).toBe(counts.clean_rows);
    expect(data.y.reduce((sum, label) => sum + label, 0)).toBe(counts.churn_yes);
    expect(data.encoder.columns).toEqual(feature_order);
    expect(data.encoder.categories).toEqual(categories);
    for (const [name, expected] of Object.entries<Record<string, number>>(numeric_stats_clean)) {
      const stats = statsOf(columnOf(data.clean, name) as ArrayLike<number>);
      expect(stats.mean).toBeCloseTo(expected["mean"]!, 6);
      expect(stats.std).toBeCloseTo(expected["std_ddof1"]!, 6);
      expect([stats.min, stats.median, stats.max]).toEqual([expected["min"], expected["median"], expected["max"]]);
    }
  });

  test("gives scikit-learn's scores on the fixed split", () => {
    const { X, y, encoder } = data;
    const rows = Array.from({ length: X.rows }, (_, i) => i);
    const [train, held] = [rows.filter((i) => i % 4 !== 3), rows.filter((i) => i % 4 === 3)];
    const model = churnPipeline(encoder).fit(takeRows(X, train), take(y, train));
    const truth = take(y, held);
    const probabilities = model.positive(takeRows(X, held));
    const expected = golden["telco_fixed_split_i_mod_4_eq_3_is_test_C1"];
    const found = [
      accuracy(truth, model.predict(takeRows(X, held))),
      rocAuc(truth, probabilities),
      logLoss(truth, probabilities),
    ];
    console.log(
      `fixed split: accuracy ${found[0]!.toFixed(6)}, AUC ${found[1]!.toFixed(6)}, log loss ${found[2]!.toFixed(6)}`,
    );
    expect(found[0]).toBeCloseTo(expected.test_acc, 9);
    expect(found[1]).toBeCloseTo(expected.auc, 6);
    expect(found[2]).toBeCloseTo(expected.log_loss, 6);
  });

  test("has 20-split means in the published range", () => {
    const { X, y, encoder } = data;
    const scores = Array.from({ length: 20 }, (_, seed) => {
      const { XTrain, yTrain, XTest, yTest } = trainTestSplit(X, y, { stratify: true, seed });
      const model = churnPipeline(encoder).fit(XTrain, yTrain);
      return [accuracy(yTest, model.predict(XTest)), rocAuc(yTest, model.positive(XTest))] as const;
    });
    const [meanAccuracy, meanAuc] = [mean(scores.map(([a]) => a)), mean(scores.map(([, b]) => b))];
    console.log(`20 splits: mean accuracy ${meanAccuracy.toFixed(4)}, mean AUC ${meanAuc.toFixed(4)}`);
    expect(meanAccuracy).toBeGreaterThanOrEqual(0.798);
    expect(meanAccuracy).toBeLessThanOrEqual(0.809);
    expect(meanAuc).toBeGreaterThanOrEqual(0.84);
    expect(meanAuc).toBeLessThanOrEqual(0.85);
  });

  test("gives the published weights, probabilities, contributions and explanation on all rows", () => {
    const { X, y, encoder, clean } = data;
    const pipeline = churnPipeline(encoder).fit(X, y);
    const { full_data_L2_C1_optimum: optimum, linear_shap_margin_default_full_L2_C1: shap } = golden.telco;
    for (const [j, weight] of pipeline.steps.classify.coef.entries()) expect(weight).toBeCloseTo(optimum.coef[j], 5);
    const probabilities = pipeline.positive(X);
    for (const [i, p] of optimum.first5_prob.entries()) expect(probabilities[i]).toBeCloseTo(p, 6);
    expect(logLoss(y, probabilities)).toBeCloseTo(optimum.log_loss_mean, 9);

    const model = ExplainedModel.from({ data: clean, encoder, pipeline, label: "Churn" });
    expect(model.defaultData).toEqual(golden.telco.example_defaults);
    const { contributions, base } = model.explain({});
    for (const [name, value] of Object.entries(contributions!)) expect(value).toBeCloseTo(shap.contrib[name], 5);
    expect(base).toBeCloseTo(shap.base, 6);
  });

  test("explains the first customer by the features, conditions and signs that lime names", () => {
    const { X, y, encoder, clean } = data;
    const pipeline = churnPipeline(encoder, { C: 21.544 }).fit(X, y); // the published explanation is of such a model
    const model = ExplainedModel.from({ data: clean, encoder, pipeline, label: "Churn" });
    const { explanation, conditions, r2 } = model.explain(recordOf(model, clean, 0));
    const { weights, seed0_as_list } = golden.telco.lime_row0;
    const published: string[] = seed0_as_list.map(([text]: [string]) => text);
    for (const [name, weight] of Object.entries(explanation).slice(0, 5)) {
      expect(["tenure", "MonthlyCharges", "InternetService", "Contract", "TotalCharges"]).toContain(name);
      expect(published).toContain(conditions[name]);
      expect(Math.sign(weight)).toBe(Math.sign(weights[name].mean));
    }
    expect(r2).toBeCloseTo(0.5, 1);
  });
});

function recordOf(model: ExplainedModel, frame: Frame, row: number): Record<string, unknown> {
  return Object.fromEntries(model.features.map((name) => [name, columnOf(frame, name)[row]]));
}
