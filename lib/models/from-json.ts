// A saved estimator back from its JSON: one table of the kinds there are.
import { listOf, quote } from "../core/check.ts";
import { OneHotEncoder, type OneHotEncoderState } from "../prepare/one-hot-encoder.ts";
import { StandardScaler, type StandardScalerState } from "../prepare/standard-scaler.ts";
import type { Transformer } from "../prepare/transformer.ts";
import type { Classifier } from "./classifier.ts";
import { LogisticRegression, type LogisticRegressionState } from "./logistic-regression.ts";
import { Pipeline, type PipelineState } from "./pipeline.ts";
import { RandomForestClassifier, type RandomForestState } from "./random-forest.ts";

type Estimator = Transformer | Classifier;

const readers: { readonly [kind: string]: (state: never) => Estimator } = {
  OneHotEncoder: (state: OneHotEncoderState) => OneHotEncoder.fromJSON(state),
  StandardScaler: (state: StandardScalerState) => StandardScaler.fromJSON(state),
  LogisticRegression: (state: LogisticRegressionState) => LogisticRegression.fromJSON(state),
  RandomForestClassifier: (state: RandomForestState) => RandomForestClassifier.fromJSON(state),
  Pipeline: ({ steps }: PipelineState) =>
    new Pipeline(Object.fromEntries(steps.map(({ name, step }) => [name, estimatorFromJSON(step)]))),
};

/**
 * @param state what the estimator's `toJSON` gave
 * @throws TypeError the kind is unknown
 */
export function estimatorFromJSON(state: { readonly kind: string }): Estimator {
  const read = Object.hasOwn(readers, state.kind) ? readers[state.kind] : undefined;
  if (read) return read(state as never);
  throw new TypeError(
    `Cannot read a saved estimator: found kind ${quote(state.kind)}, expected one of ${listOf(Object.keys(readers))}`,
  );
}

/**
 * A saved classifier or pipeline.
 *
 * @throws TypeError the kind is unknown or cannot predict
 */
export function classifierFromJSON(state: { readonly kind: string }): Classifier {
  const estimator = estimatorFromJSON(state);
  if ("positive" in estimator) return estimator;
  throw new TypeError(`Cannot read a saved classifier: found a ${state.kind}, which does not predict`);
}
