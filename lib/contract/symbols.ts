// The symbols through which library, kernel and replica meet. Symbols, not instanceof, cross contexts and library copies.
import type { ReferenceRows } from "./monitoring.ts";
import type { JsonObject, JsonValue, Signature } from "./signature.ts";

/** On globalThis in a replica: the AsyncLocalStorage of the prediction that is being answered. */
export const servingSymbol: unique symbol = Symbol.for("cellwright.serving") as never;
/** On a function wrapped by modelMetrics: its DescribedModel. */
export const modelSymbol: unique symbol = Symbol.for("cellwright.model") as never;
/** On globalThis in a replica: finds the build's copies of the folders and files a notebook reads. */
export const assetsSymbol: unique symbol = Symbol.for("cellwright.assets") as never;

/** What one call of a model carries along; `AsyncLocalStorage#getStore()` of the serving symbol. */
export interface ServingContext {
  readonly uuid: string;
  readonly deploymentCrn: string;
  /** Filled by trackMetric; recorded with the prediction. */
  readonly metrics: Record<string, JsonValue>;
}

export interface ModelDescription {
  readonly signature?: Signature;
  readonly example?: JsonObject;
}

/** What modelMetrics puts on a function. The rows travel beside the description, in the build's reference.json. */
export interface DescribedModel extends ModelDescription {
  readonly reference?: ReferenceRows;
}

/** A path as the notebook wrote it to the absolute path of the build's copy; throws when the build has none. */
export interface AssetResolver {
  resolve(path: string): string;
}
