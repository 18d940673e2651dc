import { describe, expect, test } from "vitest";
import { type Matrix, matrixOf } from "../../../lib/core/matrix.ts";
import { seededRandom } from "../../../lib/core/random.ts";
import { telcoCustomers } from "../../../lib/data/samples/telco-customers.ts";
import { ExplainedModel } from "../../../lib/explain/explained-model.ts";
import { TreeShap } from "../../../lib/explain/tree-shap.ts";
import { columnNamesOf } from "../../../lib/frame/columns.ts";
import { Pipeline } from "../../../lib/models/pipeline.ts";
import { RandomForestClassifier } from "../../../lib/models/random-forest.ts";
import type { Trees } from "../../../lib/models/trees.ts";
import { binaryLabels } from "../../../lib/prepare/binary-labels.ts";
import { CategoricalEncoder } from "../../../lib/prepare/categorical-encoder.ts";
import { dropNulls } from "../../../lib/prepare/drop-nulls.ts";
import { OneHotEncoder } from "../../../lib/prepare/one-hot-encoder.ts";
import { golden } from "../../support/golden.ts";

const { X, y } = rowsWithLabels(120);
const forest = new RandomForestClassifier({ trees: 6, maxDepth: 6, seed: 2 }).fit(X, y);
const row = (i: number) => X.data.subarray(i * X.columns, (i + 1) * X.columns);

describe("TreeShap", () => {
  test("equals Shapley values by their definition, over all sets of columns", () => {
    const shap = new TreeShap(forest.trees, X.columns);
    for (const i of [0, 5, 77]) {
      const naive = shapley(X.columns, (known) => expectation(forest.trees, row(i), known));
      for (const [j, value] of shap.explain(row(i)).values.entries()) expect(value).toBeCloseTo(naive[j]!, 12);
    }
  });

  test("adds up to the row's probability", () => {
    const deep = new RandomForestClassifier({ trees: 20, seed: 4 }).fit(X, y);
    const shap = new TreeShap(deep.trees, X.columns);
    const probabilities = deep.positive(X);
    for (let i = 0; i < X.rows; i++) {
      const { values, base } = shap.explain(row(i));
      expect(values.reduce((sum, value) => sum + value, base)).toBeCloseTo(probabilities[i]!, 10);
    }
  });

  test("equals what the package shap found on scikit-learn's tree", () => {
    const { tree, phi_class1_first3: expected, expected: base } = golden.statistics.tree_shap;
    const shap = new TreeShap(asTrees(tree), 6);
    expect(shap.base).toBeCloseTo(base, 11);
    // The rows themselves are not at hand; what counts of them is on which side of each threshold they are.
    const places = [-1, -0.2, 0, 0.6, 2].flatMap((a) => [-1, 0, 0.5, 1].map((b) => [a, b, 0, 0, 0, 0]));
    const found = places.map((place) => [...shap.explain(place).values]);
    for (const phi of expected) {
      expect(found.some((values) => values.every((value, j) => Math.abs(value - phi[j]) < 1e-11))).toBe(true);
    }
  });

  test("refuses a row of another length", () => {
    expect(() => new TreeShap(forest.trees, X.columns).explain([1])).toThrow("found 1 columns, expected 4");
  });
});

describe("ExplainedModel of a forest", () => {
  const customers = dropNulls(telcoCustomers({ rows: 600, seed: 7 }));
  const columns = columnNamesOf(customers).filter((name) => name !== "customerID" && name !== "Churn");
  const encoder = new CategoricalEncoder({ columns });
  const coded = encoder.fitTransform(customers);
  const labels = binaryLabels(customers, "Churn", { positive: "Yes" });
  const small = () => new RandomForestClassifier({ trees: 10, maxDepth: 6 });
  const oneHot = () => new OneHotEncoder({ categories: encoder.categories });

  for (const [name, pipeline] of [
    ["behind one-hot columns", new Pipeline({ oneHot: oneHot(), classify: small() })],
    ["on coded categories", new Pipeline({ classify: small() })],
    ["without a pipeline", small()],
  ] as const) {
    test(`has contributions in probability that add up, ${name}`, () => {
      pipeline.fit(coded, labels);
      const model = ExplainedModel.from({ data: customers, encoder, pipeline, label: "Churn" });
      const { contributions, contributionUnit, base, probability } = model.explain({ tenure: 2 }, { samples: 200 });
      expect(contributionUnit).toBe("probability");
      expect(Object.keys(contributions!)).toEqual(model.features);
      expect(Object.values(contributions!).reduce((sum, value) => sum + value, base!)).toBeCloseTo(probability, 10);
      const back = ExplainedModel.fromJSON(JSON.parse(JSON.stringify(model)));
      expect(back.explain({ tenure: 2 }, { samples: 200 }).contributions).toEqual(contributions);
    });
  }
});

function rowsWithLabels(rows: number): { X: Matrix; y: Float64Array } {
  const random = seededRandom(5);
  const values = Array.from({ length: rows }, () => Array.from({ length: 4 }, () => Math.floor(random() * 8)));
  return {
    X: matrixOf(values),
    y: Float64Array.from(values, ([a, b, c]) => +(a! * b! > 12 !== c! > 5 || random() < 0.1)),
  };
}

/** Mean prediction of the trees when only some columns are known; the others go both ways as the training rows went. */
function expectation(
  { roots, feature, threshold, left, value, cover }: Trees,
  row: ArrayLike<number>,
  known: boolean[],
) {
  const below = (node: number): number => {
    const column = feature[node]!;
    if (column < 0) return value[node]!;
    const [a, b] = [left[node]!, left[node]! + 1];
    if (known[column]) return below(row[column]! <= threshold[node]! ? a : b);
    return (cover[a]! * below(a) + cover[b]! * below(b)) / cover[node]!;
  };
  return roots.reduce((sum, root) => sum + below(root), 0) / roots.length;
}

function shapley(columns: number, worth: (known: boolean[]) => number): number[] {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  return Array.from({ length: columns }, (_, j) => {
    let sum = 0;
    for (let set = 0; set < 2 ** columns; set++) {
      if ((set >> j) & 1) continue;
      const known = Array.from({ length: columns }, (_, k) => ((set >> k) & 1) === 1);
      const size = known.filter(Boolean).length;
      const share = (factorial(size) * factorial(columns - size - 1)) / factorial(columns);
      sum += share * (worth(known.map((one, k) => one || k === j)) - worth(known));
    }
    return sum;
  });
}

/** scikit-learn's node order into ours: siblings side by side. */
function asTrees(tree: { [name: string]: number[] }): Trees {
  const nodes: number[] = [0];
  const left: number[] = [];
  for (let k = 0; k < nodes.length; k++) {
    const node = nodes[k]!;
    left.push(tree["left"]![node]! < 0 ? 0 : nodes.length);
    if (tree["left"]![node]! >= 0) nodes.push(tree["left"]![node]!, tree["right"]![node]!);
  }
  return {
    roots: Int32Array.of(0),
    feature: Int32Array.from(nodes, (node) => Math.max(-1, tree["feature"]![node]!)),
    threshold: Float64Array.from(nodes, (node) => tree["threshold"]![node]!),
    left: Int32Array.from(left),
    value: Float64Array.from(nodes, (node) => tree["p1"]![node]!),
    cover: Float64Array.from(nodes, (node) => tree["cover"]![node]!),
  };
}
