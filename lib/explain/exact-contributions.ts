// What each feature adds to a prediction, exactly: linear SHAP for models that are sums, TreeSHAP for forests, none for others.
import type { Matrix } from "../core/matrix.ts";
import type { Classifier } from "../models/classifier.ts";
import { Pipeline } from "../models/pipeline.ts";
import { RandomForestClassifier } from "../models/random-forest.ts";
import { OneHotEncoder } from "../prepare/one-hot-encoder.ts";
import { StandardScaler } from "../prepare/standard-scaler.ts";
import type { Transformer } from "../prepare/transformer.ts";
import { type Contributions, linearContributions } from "./linear-contributions.ts";
import { TreeShap } from "./tree-shap.ts";

export interface ExactContributions {
  /** What the values are counted in: with the base they sum to the row's log-odds, or to its probability. */
  readonly unit: "log-odds" | "probability";
  /** One value a feature, whose columns are summed. */
  readonly of: (row: Float64Array) => Contributions;
}

/**
 * @param pipeline fitted
 * @param features names of the columns that it takes
 * @param expected of a sum: from `expectedContributions`
 */
export function exactContributions(
  pipeline: Classifier,
  features: readonly string[],
  expected: ArrayLike<number> | undefined,
): ExactContributions | undefined {
  const margin = pipeline instanceof Pipeline ? pipeline.margin : undefined;
  if (margin && expected) return { unit: "log-odds", of: (row) => linearContributions(margin, expected, row) };
  const steps: object[] = pipeline instanceof Pipeline ? Object.values(pipeline.steps) : [pipeline];
  const forest = steps.at(-1);
  const transformers = steps.slice(0, -1);
  const known = transformers.every(
    (step, i) => step instanceof StandardScaler || (step instanceof OneHotEncoder && i === 0),
  );
  if (!(forest instanceof RandomForestClassifier) || !known) return undefined;
  return { unit: "probability", of: throughForest(forest, transformers as Transformer[], features) };
}

function throughForest(
  forest: RandomForestClassifier,
  transformers: readonly Transformer[],
  features: readonly string[],
): (row: Float64Array) => Contributions {
  const encoder = transformers[0] instanceof OneHotEncoder ? transformers[0] : undefined;
  const places = encoder ? encoder.layout : features.map((_, at) => ({ at, width: 0 }));
  let shap: TreeShap | undefined; // made when it is first asked for
  return (row) => {
    const start: Matrix = { rows: 1, columns: row.length, data: row, names: features };
    const { data } = transformers.reduce((matrix, transformer) => transformer.transform(matrix), start);
    shap ??= new TreeShap(forest.trees, data.length);
    const { values, base } = shap.explain(data);
    const summed = places.map(({ at, width }) =>
      values.subarray(at, at + (width || 1)).reduce((sum, value) => sum + value, 0),
    );
    return { values: Float64Array.from(summed), base };
  };
}
