// Customers, and a model fitted to half of them.
import { telcoCustomers } from "../../../lib/data/samples/telco-customers.ts";
import { ExplainedModel } from "../../../lib/explain/explained-model.ts";
import { columnsOf } from "../../../lib/frame/columns.ts";
import { type Frame, frameOf } from "../../../lib/frame/frame.ts";
import { LogisticRegression } from "../../../lib/models/logistic-regression.ts";
import { Pipeline } from "../../../lib/models/pipeline.ts";
import { binaryLabels } from "../../../lib/prepare/binary-labels.ts";
import { CategoricalEncoder } from "../../../lib/prepare/categorical-encoder.ts";
import { dropNulls, rowsAt } from "../../../lib/prepare/drop-nulls.ts";
import { OneHotEncoder } from "../../../lib/prepare/one-hot-encoder.ts";
import { StandardScaler } from "../../../lib/prepare/standard-scaler.ts";

export interface Fitted {
  readonly model: ExplainedModel;
  /** Features and Churn of customers that the model has not seen. */
  readonly customers: Frame;
}

export function fittedModel({ rows = 2500, seed = 7 } = {}): Fitted {
  const { customerID: _, ...columns } = columnsOf(dropNulls(telcoCustomers({ rows, seed })));
  const all = frameOf(columns);
  const halves = [0, 1].map((half) =>
    rowsAt(
      all,
      range(all.numRows()).filter((i) => i % 2 === half),
    ),
  );
  const [learnt, customers] = halves as [Frame, Frame];
  const encoder = new CategoricalEncoder({ columns: learnt.columnNames().filter((name) => name !== "Churn") });
  const pipeline = new Pipeline({
    oneHot: new OneHotEncoder({ categories: encoder.fit(learnt).categories }),
    scale: new StandardScaler(),
    classify: new LogisticRegression(),
  }).fit(encoder.transform(learnt), binaryLabels(learnt, "Churn", { positive: "Yes" }));
  return { model: ExplainedModel.from({ data: learnt, encoder, pipeline, label: "Churn" }), customers };
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
