// The same customers, the same 20 splits, the same penalty: scikit-learn's accuracy and AUC are ours.
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeCsv } from "../../lib/data/write-csv.ts";
import { accuracy } from "../../lib/metrics/confusion-matrix.ts";
import { rocAuc } from "../../lib/metrics/roc-curve.ts";
import { trainTestSplit } from "../../lib/prepare/train-test-split.ts";
import { LogisticRegressionCV } from "../../lib/tune/logistic-regression-cv.ts";
import { temporaryFolder } from "../support/cli.ts";
import { pythonMissing, runPython } from "./python.ts";
import { churnPipeline, telco } from "./telco-model.ts";

interface Scores {
  readonly accuracy: number;
  readonly auc: number;
}

const prepare = `
import json, sys, warnings
import numpy as np, pandas as pd
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.preprocessing import OneHotEncoder, StandardScaler
warnings.simplefilter("error", category=__import__("sklearn.exceptions", fromlist=["x"]).ConvergenceWarning)
given = json.load(sys.stdin)
data = pd.read_csv(given["csv"], dtype={"SeniorCitizen": str}, keep_default_na=False)
numbers = ["tenure", "MonthlyCharges", "TotalCharges"]
categories = [c for c in data.columns if c not in numbers + ["customerID", "Churn"]]
X = np.hstack([OneHotEncoder(sparse_output=False).fit_transform(data[categories]), data[numbers].astype(float)])
y = (data["Churn"] == "Yes").astype(int).to_numpy()
`;

describe.skipIf(pythonMissing("sklearn", "pandas"))("beside scikit-learn", () => {
  test("20 stratified splits score alike, C = 1, both converged", async () => {
    const { clean, encoder, X, y } = telco();
    using folder = temporaryFolder();
    const csv = await writeCsv(join(folder.path, "customers.csv"), clean);
    const splits = Array.from({ length: 20 }, (_, seed) => trainTestSplit(X, y, { stratify: true, seed }));
    const theirs = runPython<Scores[]>(
      `${prepare}
out = []
for split in given["splits"]:
    train, test = split["train"], split["test"]
    scale = StandardScaler().fit(X[train])
    model = LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-10, max_iter=10000).fit(scale.transform(X[train]), y[train])
    Z = scale.transform(X[test])
    out.append({"accuracy": accuracy_score(y[test], model.predict(Z)), "auc": roc_auc_score(y[test], model.predict_proba(Z)[:, 1])})
json.dump(out, sys.stdout)`,
      { csv, splits: splits.map(({ train, test }) => ({ train: [...train], test: [...test] })) },
    );
    for (const [k, { XTrain, yTrain, XTest, yTest }] of splits.entries()) {
      const model = churnPipeline(encoder).fit(XTrain, yTrain);
      expect(model.steps.classify.converged).toBe(true);
      expect(Math.abs(accuracy(yTest, model.predict(XTest)) - theirs[k]!.accuracy)).toBeLessThanOrEqual(0.002);
      expect(Math.abs(rocAuc(yTest, model.positive(XTest)) - theirs[k]!.auc)).toBeLessThanOrEqual(0.001);
    }
    console.log(
      `20 splits beside scikit-learn: mean accuracy ${mean(theirs.map((s) => s.accuracy))}, AUC ${mean(theirs.map((s) => s.auc))}`,
    );
  });

  test("cross-validation chooses the same C and gives the same weights", async () => {
    const { clean, encoder, X, y } = telco();
    using folder = temporaryFolder();
    const csv = await writeCsv(join(folder.path, "customers.csv"), clean);
    const theirs = runPython<{ C: number; scores: number[][]; coef: number[] }>(
      `${prepare}
Z = StandardScaler().fit_transform(X)
model = LogisticRegressionCV(Cs=10, cv=5, scoring="neg_log_loss", solver="newton-cholesky", tol=1e-10, max_iter=10000, use_legacy_attributes=False).fit(Z, y)
json.dump({"C": float(model.C_), "scores": np.asarray(model.scores_).reshape(5, -1).tolist(), "coef": model.coef_.ravel().tolist()}, sys.stdout)`,
      { csv },
    );
    const { steps } = churnPipeline(encoder);
    const Z = steps.scale.fitTransform(steps.oneHot.fitTransform(X));
    const ours = new LogisticRegressionCV({ scoring: "negLogLoss", tol: 1e-9, maxIter: 1000 }).fit(Z, y);
    expect(ours.C).toBeCloseTo(theirs.C, 8);
    for (const [i, scores] of ours.scores.entries()) {
      for (const [k, score] of scores.entries()) expect(score).toBeCloseTo(theirs.scores[k]![i]!, 5);
    }
    for (const [j, weight] of ours.coef.entries()) expect(weight).toBeCloseTo(theirs.coef[j]!, 3);
  });
});

function mean(values: readonly number[]): string {
  return (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(4);
}
