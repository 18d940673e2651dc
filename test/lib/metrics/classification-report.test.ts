import { describe, expect, test } from "vitest";
import {
  type ClassScores,
  classificationReport,
  f1Score,
  precision,
  recall,
} from "../../../lib/metrics/classification-report.ts";
import { golden } from "../../support/golden.ts";
import { threeClasses, tiedScores } from "./golden-rows.ts";

describe("classificationReport", () => {
  test("has scikit-learn's figures for two classes and for three", () => {
    for (const [rows, expected] of [
      [tiedScores(), golden.statistics["report_threshold_.5_ge"]],
      [threeClasses(), golden.statistics.multi.report],
    ] as const) {
      const report = classificationReport(rows.labels, rows.predicted);
      for (const [name, scores] of Object.entries(report.classes)) expectScores(scores, expected[name]);
      expectScores(report.macroAverage, expected["macro avg"]);
      expectScores(report.weightedAverage, expected["weighted avg"]);
      expect(report.accuracy).toBeCloseTo(expected.accuracy, 11);
    }
  });

  test("prints as a table", () => {
    const { labels, predicted } = tiedScores();
    const report = classificationReport(labels, predicted, { names: ["stays", "leaves"] });
    expect(`\n${report}`).toMatchInlineSnapshot(`
      "
                        precision  recall    f1  rows
      stays                  0.67    0.75  0.71   154
      leaves                 0.70    0.62  0.66   146
      accuracy                             0.69   300
      macro average          0.69    0.68  0.68   300
      weighted average       0.69    0.69  0.69   300"
    `);
  });

  test("shows itself in a notebook as text and as HTML, names escaped", () => {
    const report = classificationReport([0, 1], [0, 1], { names: ["<b>", "a & b"] });
    const show = (report as unknown as { [key: symbol]: () => Record<string, string> })[Symbol.for("Jupyter.display")]!;
    expect(show.call(report)["text/plain"]).toBe(String(report));
    expect(show.call(report)["text/html"]).toContain("&#60;b&#62;");
    expect(show.call(report)["text/html"]).toContain("a &#38; b");
    expect(Object.keys(report)).toEqual(["classes", "accuracy", "macroAverage", "weightedAverage"]);
  });

  test("gives 0, not NaN, for a class that is never predicted", () => {
    expect(classificationReport([0, 1], [0, 0]).classes["1"]).toEqual({ precision: 0, recall: 0, f1: 0, support: 1 });
  });

  test("scores one label alone", () => {
    const { labels, predicted } = tiedScores();
    const one = golden.statistics["report_threshold_.5_ge"]["1"];
    expect(precision(labels, predicted)).toBeCloseTo(one.precision, 11);
    expect(recall(labels, predicted)).toBeCloseTo(one.recall, 11);
    expect(f1Score(labels, predicted)).toBeCloseTo(one["f1-score"], 11);
    expect(recall(labels, predicted, { positive: 0 })).toBeCloseTo(
      golden.statistics["report_threshold_.5_ge"]["0"].recall,
      11,
    );
    expect(() => recall([0], [0])).toThrow("Cannot score label 1: found labels 0");
  });

  test("refuses too few names", () => {
    expect(() => classificationReport([0, 1], [0, 1], { names: ["stays"] })).toThrow(
      "Cannot name 2 classes: found 1 names",
    );
  });
});

function expectScores(
  scores: ClassScores,
  expected: { precision: number; recall: number; "f1-score": number; support: number },
): void {
  expect(scores.precision).toBeCloseTo(expected.precision, 11);
  expect(scores.recall).toBeCloseTo(expected.recall, 11);
  expect(scores.f1).toBeCloseTo(expected["f1-score"], 11);
  expect(scores.support).toBe(expected.support);
}
