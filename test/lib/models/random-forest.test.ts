import { describe, expect, test } from "vitest";
import { type Matrix, matrixOf } from "../../../lib/core/matrix.ts";
import { seededRandom } from "../../../lib/core/random.ts";
import { telcoCustomers } from "../../../lib/data/samples/telco-customers.ts";
import { columnNamesOf } from "../../../lib/frame/columns.ts";
import { accuracy } from "../../../lib/metrics/confusion-matrix.ts";
import { rocAuc } from "../../../lib/metrics/roc-curve.ts";
import { featureBins } from "../../../lib/models/feature-bins.ts";
import { classifierFromJSON } from "../../../lib/models/from-json.ts";
import { RandomForestClassifier } from "../../../lib/models/random-forest.ts";
import { leafOf } from "../../../lib/models/trees.ts";
import { restoreArrays, storeArrays } from "../../../lib/packaging/array-store.ts";
import { binaryLabels } from "../../../lib/prepare/binary-labels.ts";
import { CategoricalEncoder } from "../../../lib/prepare/categorical-encoder.ts";
import { dropNulls } from "../../../lib/prepare/drop-nulls.ts";
import { trainTestSplit } from "../../../lib/prepare/train-test-split.ts";
import fc from "../../support/fast-check.ts";
import { golden } from "../../support/golden.ts";

const oneTree = { trees: 1, bootstrap: false, maxFeatures: "all" } as const;

describe("RandomForestClassifier", () => {
  test("grows, without chance, the tree that trying every split of sorted values grows", () => {
    fc.assert(
      fc.property(table(), ({ X, y }) => {
        for (const minSamplesLeaf of [1, 4]) {
          const forest = new RandomForestClassifier({ ...oneTree, minSamplesLeaf, maxDepth: 4 }).fit(X, y);
          const naive = naiveTree(rowsOf(X), [...y], minSamplesLeaf, 4);
          expect([...forest.positive(X)]).toEqual(rowsOf(X).map((row) => walk(naive, row)));
        }
      }),
      { numRuns: 40 },
    );
  });

  test("scores about as scikit-learn's forest does on the published table (three standard errors of 750 rows)", () => {
    const customers = dropNulls(telcoCustomers({ rows: 3000, seed: 7 }));
    const columns = columnNamesOf(customers).filter((name) => name !== "customerID" && name !== "Churn");
    const X = new CategoricalEncoder({ columns }).fitTransform(customers);
    const y = binaryLabels(customers, "Churn", { positive: "Yes" });
    const { XTrain, XTest, yTrain, yTest } = trainTestSplit(X, y, { seed: 3, stratify: true });
    const forest = new RandomForestClassifier({ trees: 60, seed: 1 }).fit(XTrain, yTrain);
    const { accuracy: real, auc } = golden.telco.cv5_stratified_shuffle_seed0.random_forest_100_ordinal;
    expect(Math.abs(accuracy(yTest, forest.predict(XTest)) - real.mean)).toBeLessThan(0.045);
    expect(Math.abs(rocAuc(yTest, forest.positive(XTest)) - auc.mean)).toBeLessThan(0.045);
  });

  test("gives most importance to the columns that matter, shares of one", () => {
    const { X, y } = noisy(400);
    const { featureImportances } = new RandomForestClassifier({ trees: 30 }).fit(X, y);
    expect(featureImportances.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(featureImportances[1]).toBeGreaterThan(0.5);
  });

  test("is the same by the same seed and another by another", () => {
    const { X, y } = noisy(200);
    const grown = (seed: number) => new RandomForestClassifier({ trees: 10, seed }).fit(X, y).positive(X);
    expect(grown(1)).toEqual(grown(1));
    expect(grown(1)).not.toEqual(grown(2));
  });

  test("keeps what its options say: leaves of enough rows, trees not too deep", () => {
    const { X, y } = noisy(300);
    const { trees } = new RandomForestClassifier({ trees: 5, minSamplesLeaf: 10, maxDepth: 3 }).fit(X, y);
    const leaves = [...trees.feature.keys()].filter((node) => trees.feature[node]! < 0);
    expect(Math.min(...leaves.map((node) => trees.cover[node]!))).toBeGreaterThanOrEqual(10);
    expect(trees.feature.length).toBeLessThanOrEqual(5 * 15);
    expect([...trees.roots].map((root) => trees.cover[root])).toEqual([300, 300, 300, 300, 300]);
  });

  test("predicts bit by bit the same after it was saved as JSON and arrays", () => {
    const { X, y } = noisy(200);
    const forest = new RandomForestClassifier({ trees: 7 }).fit(X, y);
    const back = classifierFromJSON(restoreArrays(storeArrays(forest.toJSON())) as { kind: string });
    expect(back.positive(X)).toEqual(forest.positive(X));
    expect((back as RandomForestClassifier).featureImportances).toEqual(forest.featureImportances);
    expect(back.predictProba(X).columns).toBe(2);
  });

  test("ends in leaves whose share is the prediction's mean", () => {
    const { X, y } = noisy(50);
    const forest = new RandomForestClassifier({ trees: 4 }).fit(X, y);
    const { trees } = forest;
    const shares = [...trees.roots].map((root) => trees.value[leafOf(trees, root, X.data, 0)]!);
    expect(forest.positive(X)[0]).toBeCloseTo(shares.reduce((sum, share) => sum + share, 0) / 4, 14);
  });

  test("says which option and which rows it cannot take", () => {
    const { X, y } = noisy(20);
    expect(() => new RandomForestClassifier({ trees: 0 })).toThrow("Cannot use trees: found 0");
    expect(() => new RandomForestClassifier({ maxFeatures: "log2" as never })).toThrow('Cannot use maxFeatures "log2"');
    expect(() => new RandomForestClassifier().fit(X, y.slice(1))).toThrow("found 20 and 19 values");
    expect(() =>
      new RandomForestClassifier().fit(
        X,
        y.map(() => 1),
      ),
    ).toThrow("found only label 1");
    expect(() => new RandomForestClassifier().positive(X)).toThrow("expected fit() before");
  });
});

describe("feature bins", () => {
  test("keep up to 256 different values apart and give more of them bins of equal rows", () => {
    const few = featureBins(matrixOf([[3], [1], [3], [2]]));
    expect([...few.bins]).toEqual([2, 0, 2, 1]);
    const many = featureBins(matrixOf(Array.from({ length: 2048 }, (_, i) => [(i * 37) % 2048])));
    expect(many.low[0]).toHaveLength(256);
    expect([...many.low[0]!].every((low, b) => low === 8 * b && many.high[0]![b] === 8 * b + 7)).toBe(true);
  });

  test("hold each value between its bin's ends", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 900 }), (values) => {
        const { bins, low, high } = featureBins(matrixOf(values.map((value) => [value])));
        for (const [i, value] of values.entries()) {
          expect(value >= low[0]![bins[i]!]! && value <= high[0]![bins[i]!]!).toBe(true);
        }
      }),
    );
  });
});

/** Column 1 tells the label but for one in ten; the others are noise. */
function noisy(rows: number): { X: Matrix; y: Float64Array } {
  const random = seededRandom(11);
  const X = matrixOf(Array.from({ length: rows }, () => [random(), random(), random(), random()]));
  const y = Float64Array.from({ length: rows }, (_, i) => +(X.data[4 * i + 1]! > 0.5 !== random() < 0.1));
  return { X, y };
}

function table() {
  const row = fc.tuple(fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 3, maxLength: 3 }), fc.nat({ max: 1 }));
  return fc.array(row, { minLength: 12, maxLength: 90 }).map((rows) => ({
    X: matrixOf([...rows.map(([values]) => values), [1, 2, 3], [3, 2, 1]]),
    y: Float64Array.from([...rows.map(([, label]) => label), 0, 1]),
  }));
}

interface Naive {
  readonly value: number;
  readonly split?: { readonly column: number; readonly threshold: number; readonly left: Naive; readonly right: Naive };
}

/** Every threshold between neighbouring values of every column; the first of the purest, as the forest's order has it. */
function naiveTree(rows: number[][], labels: number[], minLeaf: number, depth: number): Naive {
  const value = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  let best: { column: number; threshold: number; score: number } | undefined;
  if (depth > 0 && value > 0 && value < 1) {
    for (let column = 0; column < rows[0]!.length; column++) {
      const values = [...new Set(rows.map((row) => row[column]!))].sort((a, b) => a - b);
      for (let k = 0; k + 1 < values.length; k++) {
        const sides = [labels.filter((_, i) => rows[i]![column]! <= values[k]!)];
        sides.push(labels.filter((_, i) => rows[i]![column]! > values[k]!));
        if (sides.some((side) => side.length < minLeaf)) continue;
        const score = sides.map(purity).reduce((sum, side) => sum + side, 0);
        if (!best || score > best.score) best = { column, threshold: (values[k]! + values[k + 1]!) / 2, score };
      }
    }
  }
  if (!best) return { value };
  const { column, threshold } = best;
  const side = (goesLeft: boolean) => {
    const kept = rows
      .map((row, i) => [row, labels[i]!] as const)
      .filter(([row]) => row[column]! <= threshold === goesLeft);
    return naiveTree(
      kept.map(([row]) => row),
      kept.map(([, label]) => label),
      minLeaf,
      depth - 1,
    );
  };
  return { value, split: { column, threshold, left: side(true), right: side(false) } };
}

function purity(labels: readonly number[]): number {
  const ones = labels.reduce((sum, label) => sum + label, 0);
  return ((labels.length - ones) ** 2 + ones ** 2) / labels.length;
}

function walk({ value, split }: Naive, row: readonly number[]): number {
  if (!split) return value;
  return walk(row[split.column]! <= split.threshold ? split.left : split.right, row);
}

function rowsOf({ rows, columns, data }: Matrix): number[][] {
  return Array.from({ length: rows }, (_, i) => [...data.slice(i * columns, (i + 1) * columns)]);
}
