// The third starter notebook: an exported function becomes a REST model.
import type { StarterCell } from "./starter-cell.ts";

export const serve: readonly StarterCell[] = [
  {
    id: "title",
    markdown: true,
    source: `# One exported function answers over HTTP

What is exported here can be called as a REST model: choose *Deploy…* in the toolbar. A build keeps the cells that the function
needs and no others; the model travels along. Before: [2_train](2_train.ipynb) saves the model.`,
  },
  {
    id: "parameters",
    tags: ["parameters"],
    source: `/** The saved model. */
let modelName = "customers_linear";`,
  },
  {
    id: "imports",
    source: `import { display, ExplainedModel, JsonObject, modelMetrics, table, trackMetric } from "cellwright";
import { riskOf } from "../lib/customers.ts";`,
  },
  {
    id: "load",
    source: `const churn = ExplainedModel.load(modelName);
const example = { ...churn.defaultData, tenure: 2, Contract: "Month-to-month" };`,
  },
  {
    id: "function-why",
    markdown: true,
    source:
      "Missing keys take the model's defaults; an unknown key or category is refused by name. The probability is tracked with every call.",
  },
  {
    id: "function",
    source: `/** How likely a customer is to leave, in figures and in a word, and why. */
const riskOfCustomer = modelMetrics(
  (input: JsonObject) => {
    const { probability, explanation } = churn.explain(input);
    trackMetric("probability", probability);
    return { probability, risk: riskOf(probability), explanation };
  },
  { signature: churn.signature, example: example, reference: churn.reference },
);
export { riskOfCustomer as risk };`,
  },
  {
    id: "try-why",
    markdown: true,
    source: "It is an ordinary function before it is a model.",
  },
  {
    id: "try",
    source: `const { probability, risk } = riskOfCustomer(example);
display(table([{ tenure: 2, Contract: "Month-to-month", probability: probability, risk: risk }]));`,
  },
];
