// Makes a function a model: says what it takes, and lets the calls made of it track metrics. In a replica the host has
// already opened the prediction; in development the wrapper opens one itself and keeps its record in memory.
import type { ReferenceRows } from "../contract/monitoring.ts";
import type { JsonObject, Signature } from "../contract/signature.ts";
import type { DescribedModel } from "../contract/symbols.ts";
import { rowsOf } from "../frame/columns.ts";
import { recordInDevelopment } from "./development.ts";
import { currentPrediction } from "./prediction-context.ts";

const modelSymbol = Symbol.for("cellwright.model");

/** A model: a function of one JSON object. */
// biome-ignore lint/suspicious/noExplicitAny: the input's own type is the caller's
export type ModelFunction = (input: any) => unknown;

export interface ModelMetricsOptions {
  /** What a request must look like; calls that differ are refused with 400. Default: any JSON object passes. */
  readonly signature?: Signature;
  /** A request to show and to try. Default none. */
  readonly example?: JsonObject;
  /** At most 1,000 rows that the model learnt from, as columns; the drift of its calls is measured against them. Default none. */
  readonly reference?: ReferenceRows;
}

/**
 * Wraps a function so that its calls are predictions: each gets a uuid, and `trackMetric` inside it records values with it.
 *
 * @param predict takes one JSON object, returns JSON, may be async
 * @returns a function of the same type, to be exported by the notebook and deployed
 * @throws RangeError the reference has more than 1,000 rows, or columns of different lengths
 */
export function modelMetrics<F extends ModelFunction>(predict: F, options: ModelMetricsOptions = {}): F {
  const wrapped = (input: unknown): unknown =>
    currentPrediction() ? predict(input) : recordInDevelopment(input as JsonObject, () => predict(input));
  if (options.reference) requireReference(options.reference);
  const description: DescribedModel = {
    signature: options.signature,
    example: options.example,
    reference: options.reference,
  };
  return Object.assign(wrapped, { [modelSymbol]: description }) as unknown as F;
}

const mostReferenceRows = 1000;

function requireReference(reference: ReferenceRows): void {
  const rows = rowsOf(reference);
  if (rows <= mostReferenceRows) return;
  throw new RangeError(
    `Cannot use the reference rows: found ${rows}, expected at most ${mostReferenceRows}; a seeded sample will do`,
  );
}
