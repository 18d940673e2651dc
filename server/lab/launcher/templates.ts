// New notebooks to begin with: each runs from top to bottom on generated customers, and says where one's own data goes. Imports
// nothing.

export interface TemplateCell {
  readonly type: "markdown" | "code";
  readonly source: string;
  readonly tags?: readonly string[];
}

export interface Template {
  /** Of the new file: `ingest` makes `ingest.ipynb`. */
  readonly name: string;
  readonly label: string;
  readonly caption: string;
  readonly cells: readonly TemplateCell[];
}

const text = (source: string): TemplateCell => ({ type: "markdown", source });
const code = (source: string): TemplateCell => ({ type: "code", source });
const knobs = (source: string): TemplateCell => ({ type: "code", source, tags: ["parameters"] });

const ingest: Template = {
  name: "ingest",
  label: "Ingest rows",
  caption: "A notebook that makes a table from a CSV",
  cells: [
    text(`# A CSV becomes a table

Rows come in, are held against a schema, and are written as a table of the warehouse that any notebook can read.`),
    knobs(`/** A CSV of your own, with a schema to fit it. Empty: generated customers. */
let csvFile = "";
/** Customers to generate. */
let rows = 500;
/** The table to write. */
let tableName = "default.customers";`),
    code(`import { describe, display, head, readCsv, table, telcoCsv, telcoSchema, writeTable } from "cellwright";`),
    text("A schema is said, not guessed: a value that does not fit stops here, with its line and column."),
    code(`const file = csvFile || (await telcoCsv({ rows: rows, seed: 7 }));
const customers = await readCsv(file, { schema: telcoSchema });
display(table(head(customers, 5), { title: "The first rows" }));`),
    code(`display(table(describe(customers), { rows: 25, title: "Every column in figures" }));`),
    code(`await writeTable(tableName, customers, { mode: "overwrite" });`),
    text("Next: learn something from the table (the launcher's *Train a model*)."),
  ],
};

const train: Template = {
  name: "train",
  label: "Train a model",
  caption: "A notebook that learns from a table and saves the model",
  cells: [
    text(`# A table becomes a model

Columns become numbers, a model learns from four fifths of the rows, and the rest says how good it is.`),
    knobs(`/** The table to learn from; written by the notebook that ingests. */
let tableName = "default.customers";
/** The column to predict, and which of its values counts as yes. */
let target = "Churn";
let positive = "Yes";
/** Columns that say nothing of new rows. */
let leaveOut = ["customerID"];
/** The model is saved under this name. */
let modelName = "customers_linear";`),
    code(`import {
  binaryLabels, CategoricalEncoder, display, dropNulls, ExplainedModel, LogisticRegression,
  OneHotEncoder, Pipeline, readTable, rocAuc, rocCurve, rocPlot, StandardScaler, table, trainTestSplit,
} from "cellwright";`),
    code(`const rows = dropNulls(await readTable(tableName));
const features = rows.columnNames().filter((name) => name !== target && !leaveOut.includes(name));
const labels = binaryLabels(rows, target, { positive: positive });`),
    code(`const encoder = new CategoricalEncoder({ columns: features });
const { XTrain, XTest, yTrain, yTest } = trainTestSplit(encoder.fitTransform(rows), labels, { seed: 42, stratify: true });
const pipeline = new Pipeline({
  oneHot: new OneHotEncoder({ categories: encoder.categories }),
  scale: new StandardScaler(),
  classify: new LogisticRegression(),
}).fit(XTrain, yTrain);`),
    text("The area under the curve is what a coin would put at one half."),
    code(`const scores = pipeline.positive(XTest);
display(table([{ model: modelName, AUC: rocAuc(yTest, scores) }]));
display(rocPlot(rocCurve(yTest, scores), { title: "How well does it tell them apart?" }));`),
  ],
};

const serve: Template = {
  name: "serve",
  label: "Serve a function",
  caption: "A notebook whose exported function becomes a REST model",
  cells: [
    text(`# A function becomes a REST model

What is exported here can be called over HTTP: choose *Deploy…* in the toolbar. A build keeps the cells that the function
needs and no others.`),
    knobs(`/** What a bill usually comes to. */
let usualAmount = 64;
/** More than so many times the usual is unusual. */
let limit = 1.5;`),
    code(`import { display, JsonObject, modelMetrics, table, trackMetric } from "cellwright";`),
    code(`/** How far a month's bill is above the usual. */
const scoreBill = modelMetrics((input: JsonObject) => {
  const share = Number(input.amount) / usualAmount;
  trackMetric("share", share);
  return { share: share, unusual: share > limit };
}, { example: { amount: 80 } });
export { scoreBill as score };`),
    text("It is an ordinary function before it is a model."),
    code(`display(table([scoreBill({ amount: 80 })]));`),
  ],
};

export const templates: readonly Template[] = [ingest, train, serve];

/** The notebook a template makes, as nbformat 4.5 has it. */
export function notebookOf({ cells }: Template): object {
  return {
    cells: cells.map(({ type, source, tags }, index) => ({
      id: `cell-${index + 1}`,
      cell_type: type,
      metadata: tags ? { tags } : {},
      source,
      ...(type === "code" && { execution_count: null, outputs: [] }),
    })),
    metadata: {
      kernelspec: { display_name: "TypeScript (Cellwright)", language: "typescript", name: "cellwright" },
      language_info: { name: "typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}
