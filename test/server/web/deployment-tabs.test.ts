import { describe, expect, test } from "vitest";
import type { DriftReport, FeatureDrift, MonitorRule, Windows } from "../../../lib/contract/monitoring.ts";
import { parseDeploymentSearch, searchOfTab } from "../../../server/web/pages/deployment/deployment-search.ts";
import { conclusionOf } from "../../../server/web/pages/deployment/drift/conclusion.ts";
import { distributionFigure } from "../../../server/web/pages/deployment/drift/distribution-figure.ts";
import { metricsOf, scoresOf, windowsFigure } from "../../../server/web/pages/deployment/overview/windows-figure.ts";
import { labLink } from "../../../server/web/pages/deployment/predictions/lab-link.ts";
import { latestScore } from "../../../server/web/pages/models/figures.ts";
import { parseModelsSearch } from "../../../server/web/pages/models/models-search.ts";

const start = Date.UTC(2026, 0, 5, 12);
const rule: MonitorRule = { id: "r", metric: "accuracy", when: "below", threshold: 0.75, createdAt: start };

function windowsOf(accuracies: readonly number[]): Windows {
  const windows = accuracies.map((accuracy, index) => ({
    deploymentCrn: "crn:1",
    startTimestampMs: start + index * 1000,
    endTimestampMs: start + (index + 1) * 1000,
    metrics: { accuracy, auc: 0.9, confusion: { tp: 1 } },
  }));
  const alerts = windows
    .filter(({ metrics }) => metrics.accuracy < rule.threshold)
    .map(({ startTimestampMs, endTimestampMs, metrics }) => ({
      rule,
      value: metrics.accuracy,
      startTimestampMs,
      endTimestampMs,
    }));
  return { windows, rules: [rule], alerts };
}

const falling = windowsOf([0.8, 0.78, 0.7, 0.65]);

describe("the plot of windows", () => {
  test("has one point a window, the rule's line, and marks what raised an alert", () => {
    const figure = windowsFigure(falling, "accuracy");
    const drawn = figure.data as { name: string; y: number[] }[];
    expect(drawn.map(({ name, y }) => [name, y])).toEqual([
      ["accuracy", [0.8, 0.78, 0.7, 0.65]],
      ["alert", [0.7, 0.65]],
    ]);
    expect(figure.layout.shapes).toMatchObject([{ y0: 0.75, y1: 0.75 }]);
    expect(figure.title).toBe("Accuracy went from 0.8 to 0.65; 2 of 4 windows raised an alert");
    expect(figure.summary).toContain("an alert is raised below 0.75");
  });

  test("says it plainly without alerts, and for one window", () => {
    expect(windowsFigure(windowsOf([0.8, 0.9]), "accuracy").title).toBe("Accuracy went from 0.8 to 0.9 over 2 windows");
    expect(windowsFigure(windowsOf([0.8]), "accuracy").title).toBe("Accuracy was 0.8 in the one window");
  });

  test("offers scores only, accuracy first, and another score has none of its alerts", () => {
    expect(metricsOf(falling)).toEqual(["accuracy", "auc"]);
    expect(scoresOf(falling, "auc").map(({ alerted }) => alerted)).toEqual([false, false, false, false]);
  });

  test("comes along as CSV", () => {
    expect(windowsFigure(falling, "accuracy").csv().split("\r\n").slice(0, 2)).toEqual([
      "start,end,accuracy,alert,deployment",
      "2026-01-05T12:00:00.000Z,2026-01-05T12:00:01.000Z,0.8,no,crn:1",
    ]);
  });

  test("the table of models shows the latest window's accuracy and whether it raised an alert", () => {
    expect(latestScore(falling)).toEqual({ accuracy: 0.65, alerted: true });
    expect(latestScore(windowsOf([0.6, 0.8]))).toEqual({ accuracy: 0.8, alerted: false });
    expect(latestScore({ windows: [], rules: [], alerts: [] })).toEqual({ accuracy: null, alerted: false });
  });
});

const tenure: FeatureDrift = {
  feature: "tenure",
  type: "number",
  test: "kolmogorov-smirnov",
  statistic: 0.84,
  pValue: 1e-12,
  drifted: true,
  distribution: { edges: [1, 25, 49, 73], reference: [0.3, 0.3, 0.4], current: [1, 0, 0] },
};
const contract: FeatureDrift = {
  feature: "contract",
  type: "category",
  test: "chi-squared",
  statistic: 1.5,
  pValue: 0.4722,
  drifted: false,
  distribution: { categories: ["Month-to-month", "One year"], reference: [0.5, 0.5], current: [0.4, 0.6] },
};

describe("drift", () => {
  test("a plot sets what came beside what was learnt from, and says how far they differ", () => {
    const figure = distributionFigure(tenure);
    const drawn = figure.data as { name: string; x: string[]; y: number[] }[];
    expect(drawn.map(({ name, x, y }) => [name, x, y])).toEqual([
      ["calls", ["1 – 25", "25 – 49", "49 – 73"], [1, 0, 0]],
      ["learnt from", ["1 – 25", "25 – 49", "49 – 73"], [0.3, 0.3, 0.4]],
    ]);
    expect(figure.title).toBe("tenure drifted: K-S 0.84, p < 0.0001");
    expect(figure.summary).toContain(
      "differ most at 1 – 25: 30\u00a0% of the rows learnt from, 100\u00a0% of the calls",
    );
    expect(distributionFigure(contract).title).toBe("contract is steady: χ² 1.5, p = 0.472");
  });

  test("the report is one sentence", () => {
    const report: DriftReport = {
      referenceRows: 144,
      calls: 60,
      compared: 60,
      features: [tenure, contract],
      datasetDrift: true,
    };
    expect(conclusionOf(report)).toBe(
      "1 of the 2 features of 60 calls drifted: tenure; that is half or more, so the data as a whole drifted.",
    );
    expect(conclusionOf({ ...report, features: [contract], datasetDrift: false })).toBe(
      "None of the 1 feature of 60 calls drifted from what the model learnt from.",
    );
  });
});

describe("the address of a model's page", () => {
  test("keeps what a tab is set to and drops what means nothing", () => {
    expect(
      parseDeploymentSearch({ tab: "predictions", status: "failed", uuid: 19, hide: ["truth"], last: "1h" }),
    ).toEqual({ tab: "predictions", status: "failed", uuid: "19", hide: ["truth"], last: "1h" });
    expect(parseDeploymentSearch({ tab: "overview", status: "maybe", uuid: "", hide: [] })).toEqual({});
    expect(parseDeploymentSearch({ tab: "toString" })).toEqual({});
    expect(parseModelsSearch({ q: "churn", sort: "-calls", hide: "x" })).toEqual({ q: "churn", sort: "-calls" });
  });

  test("another tab keeps the range of time only", () => {
    const search = parseDeploymentSearch({ tab: "predictions", uuid: "01", start: 5, end: 9 });
    expect(searchOfTab(search, "drift")).toEqual({ tab: "drift", start: 5, end: 9 });
    expect(searchOfTab(search, "overview")).toEqual({ start: 5, end: 9 });
  });
});

test("a throw leads to its cell in Lab", () => {
  expect(labLink("notebooks/5 serve.ipynb", "5 serve.ipynb, cell 4 (a-b), line 3")).toBe(
    "/lab/tree/notebooks/5%20serve.ipynb#cell-id=a-b",
  );
  expect(labLink("a.ipynb", "elsewhere")).toBe("/lab/tree/a.ipynb");
});
