// One model, 50 customers, both explainers: ours differs from PyPI's lime no more than lime differs from itself.
import { describe, expect, test } from "vitest";
import { LimeTabular } from "../../lib/explain/lime-tabular.ts";
import { pythonMissing, runPython } from "./python.ts";
import { churnPipeline, telco } from "./telco-model.ts";

/** Feature → weight, by falling size, and the texts of the weights. */
interface Explanation {
  readonly weights: readonly (readonly [feature: string, weight: number])[];
  readonly conditions: readonly string[];
  readonly r2: number;
}

const explain = `
import json, sys
import numpy as np
from lime.lime_tabular import LimeTabularExplainer
given = json.load(sys.stdin)
X = np.array(given["X"]).reshape(-1, len(given["names"]))
names = given["names"]
codes = {names.index(name): values for name, values in given["categories"].items()}
def predict(rows):
    z = np.full(len(rows), given["intercept"])
    for j, column in enumerate(given["columns"]):
        if "slope" in column: z += column["slope"] * rows[:, j]
        else: z += np.array(column["weights"])[rows[:, j].astype(int)]
    p = 1 / (1 + np.exp(-z))
    return np.column_stack([1 - p, p])
out = []
for seed in given["seeds"]:
    explainer = LimeTabularExplainer(X, feature_names=names, categorical_features=list(codes), categorical_names=codes, random_state=seed)
    rows = []
    for i in given["rows"]:
        e = explainer.explain_instance(X[i], predict, num_features=10, num_samples=5000)
        rows.append({"weights": [[names[j], w] for j, w in e.as_map()[1]], "conditions": [text for text, _ in e.as_list()], "r2": e.score})
    out.append(rows)
json.dump(out, sys.stdout)
`;

describe.skipIf(pythonMissing("lime", "sklearn"))("beside PyPI's lime", () => {
  test("50 customers get the same strongest five and the same weights, within lime's own spread", () => {
    const { encoder, X, y } = telco();
    const { categories } = encoder;
    const pipeline = churnPipeline(encoder).fit(X, y);
    const { intercept, columns } = pipeline.margin!;
    const rows = Array.from({ length: 50 }, (_, k) => (k * 137) % X.rows);
    const lime = runPython<Explanation[][]>(explain, {
      X: [...X.data],
      names: X.names,
      categories,
      intercept,
      columns: columns.map((column) => ("slope" in column ? column : { weights: [...column.weights] })),
      rows,
      seeds: [1, 2, 3],
    });
    const explainer = LimeTabular.fit(X, { categories });
    const ours = [1, 2, 3].map((seed) =>
      rows.map((i): Explanation => {
        const row = X.data.slice(i * X.columns, (i + 1) * X.columns);
        const { weights, r2 } = explainer.explain(row, (rows) => pipeline.positive(rows), { seed: seed * 1000 + i });
        return {
          weights: weights.map(({ feature, weight }) => [feature, weight]),
          conditions: weights.map(({ condition }) => condition),
          r2,
        };
      }),
    );

    const pairs = (a: readonly Explanation[][], b: readonly Explanation[][]) =>
      a.flatMap((some) =>
        b.filter((others) => others !== some).flatMap((others) => some.map((one, k) => [one, others[k]!] as const)),
      );
    const between = pairs(ours, lime);
    const within = pairs(lime, lime);
    const overlap = mean(between.map(([a, b]) => jaccard(a, b)));
    const difference = mean(between.flatMap(([a, b]) => differences(a, b)));
    const spread = mean(within.flatMap(([a, b]) => differences(a, b)));
    const r2Difference = mean(between.map(([a, b]) => Math.abs(a.r2 - b.r2)));
    console.log(
      `LIME: top-5 Jaccard ${overlap.toFixed(3)} (lime with itself ${mean(within.map(([a, b]) => jaccard(a, b))).toFixed(3)}), ` +
        `mean |Δweight| ${difference.toFixed(5)} (${spread.toFixed(5)}), mean |ΔR²| ${r2Difference.toFixed(4)}`,
    );
    expect(overlap).toBeGreaterThanOrEqual(0.8);
    expect(difference).toBeLessThanOrEqual(2 * spread);
    expect(r2Difference).toBeLessThan(0.03);
    for (const [a, b] of between) expect(textsOfShared(a, b)).toEqual(textsOfShared(b, a));
  });
});

function jaccard(a: Explanation, b: Explanation): number {
  const [one, other] = [a, b].map(({ weights }) => new Set(weights.slice(0, 5).map(([feature]) => feature)));
  const shared = [...one!].filter((feature) => other!.has(feature)).length;
  return shared / (one!.size + other!.size - shared);
}

/** |Δweight| of the features that both name. */
function differences(a: Explanation, b: Explanation): number[] {
  const other = new Map(b.weights);
  return a.weights.flatMap(([feature, weight]) => (other.has(feature) ? [Math.abs(weight - other.get(feature)!)] : []));
}

function textsOfShared(a: Explanation, b: Explanation): string[] {
  const other = new Set(b.weights.map(([feature]) => feature));
  return a.conditions.filter((_, k) => other.has(a.weights[k]![0])).sort();
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
