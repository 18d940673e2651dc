// The second starter notebook: a table becomes a model.
import type { StarterCell } from "./starter-cell.ts";

export const train: readonly StarterCell[] = [
  {
    id: "title",
    markdown: true,
    source: `# A model tells who will leave better than a coin

Columns become numbers, a model learns from four fifths of the customers, and the rest says how good it is. Before:
[1_ingest](1_ingest.ipynb) writes the table. Next: [3_serve](3_serve.ipynb) puts the model behind a URL.`,
  },
  {
    id: "parameters",
    tags: ["parameters"],
    source: `/** The table to learn from. */
let tableName = "default.customers";
/** The model is saved under this name. */
let modelName = "customers_linear";
/** Seed of the split. */
let seed = 42;`,
  },
  {
    id: "imports",
    source: `import {
  bars, binaryLabels, CategoricalEncoder, display, dropNulls, ExplainedModel, LogisticRegression,
  OneHotEncoder, Pipeline, readTable, rocAuc, rocCurve, rocPlot, StandardScaler, table,
  trainTestSplit,
} from "cellwright";
import { features } from "../lib/customers.ts";`,
  },
  {
    id: "split",
    source: `const customers = dropNulls(await readTable(tableName));
const leaves = binaryLabels(customers, "Churn", { positive: "Yes" });
const encoder = new CategoricalEncoder({ columns: features });
const encoded = encoder.fitTransform(customers);
const { XTrain, XTest, yTrain, yTest } = trainTestSplit(encoded, leaves, {
  seed: seed, stratify: true,
});`,
  },
  {
    id: "fit",
    source: `const pipeline = new Pipeline({
  oneHot: new OneHotEncoder({ categories: encoder.categories }),
  scale: new StandardScaler(),
  classify: new LogisticRegression(),
}).fit(XTrain, yTrain);`,
  },
  {
    id: "score-why",
    markdown: true,
    source: "The area under the curve is what a coin would put at one half.",
  },
  {
    id: "score",
    source: `const scores = pipeline.positive(XTest);
display(table([{ model: modelName, AUC: rocAuc(yTest, scores) }]));
display(rocPlot(rocCurve(yTest, scores), { title: "How well does it tell leavers apart?" }));`,
  },
  {
    id: "save",
    source: `const model = ExplainedModel.from({
  data: customers, encoder: encoder, pipeline: pipeline, label: "Churn",
});
display(model.save(modelName));`,
  },
  {
    id: "why",
    source: `const newcomer = { ...model.defaultData, tenure: 2, Contract: "Month-to-month" };
display(bars(model.explain(newcomer).explanation, {
  horizontal: true, title: "Why would a newcomer leave?", xTitle: "change of the probability",
  yTitle: "",
}));`,
  },
];
