// Customers as the peers and we both see them: the table, its matrix, and notebook 3's pipeline.
import type { Matrix } from "../../lib/core/matrix.ts";
import { telcoCustomers } from "../../lib/data/samples/telco-customers.ts";
import { columnNamesOf } from "../../lib/frame/columns.ts";
import type { Frame } from "../../lib/frame/frame.ts";
import { LogisticRegression } from "../../lib/models/logistic-regression.ts";
import { Pipeline } from "../../lib/models/pipeline.ts";
import { binaryLabels } from "../../lib/prepare/binary-labels.ts";
import { CategoricalEncoder } from "../../lib/prepare/categorical-encoder.ts";
import { dropNulls } from "../../lib/prepare/drop-nulls.ts";
import { OneHotEncoder } from "../../lib/prepare/one-hot-encoder.ts";
import { StandardScaler } from "../../lib/prepare/standard-scaler.ts";

export interface Telco {
  readonly clean: Frame;
  readonly encoder: CategoricalEncoder;
  readonly X: Matrix;
  readonly y: Float64Array;
}

/** @param customers default: the seeded ones */
export function telco(customers: Frame = telcoCustomers({ rows: 7043, seed: 7 })): Telco {
  const clean = dropNulls(customers);
  const columns = columnNamesOf(clean).filter((name) => name !== "customerID" && name !== "Churn");
  const encoder = new CategoricalEncoder({ columns });
  const X = encoder.fitTransform(clean);
  return { clean, encoder, X, y: binaryLabels(clean, "Churn", { positive: "Yes" }) };
}

/** One-hot in all levels, every column standardised on the training rows, L2 with C = 1 where not said otherwise, converged. */
export function churnPipeline(encoder: CategoricalEncoder, { C = 1 } = {}) {
  return new Pipeline({
    oneHot: new OneHotEncoder({ categories: encoder.categories }),
    scale: new StandardScaler(),
    classify: new LogisticRegression({ C, tol: 1e-9, maxIter: 1000 }),
  });
}
