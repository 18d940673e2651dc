// What crosses between the application's server and its page.

export type FeatureValue = string | number;
export type CustomerRecord = { readonly [feature: string]: FeatureValue };

export type Feature =
  | { readonly name: string; readonly categories: readonly string[] }
  | { readonly name: string; readonly min: number; readonly mean: number; readonly max: number; readonly step: number };

/** What the model says about one record. */
export interface Answer {
  readonly data: CustomerRecord;
  readonly probability: number;
  /** LIME: what each feature adds to the probability, near this record. */
  readonly explanation: { readonly [feature: string]: number };
  /** Share of the model's behaviour that LIME catches here; absent when the model does not say. */
  readonly r2?: number;
  /** Exact, in log-odds, above `base`; absent when the model does not say. */
  readonly contributions?: { readonly [feature: string]: number };
  readonly base?: number;
}

export interface ScoredCustomer extends Answer {
  readonly id: string;
  /** Whether the customer has left: the truth. */
  readonly left: boolean;
}

export interface Scored {
  readonly seed: number;
  readonly features: readonly Feature[];
  /** By falling probability. */
  readonly customers: readonly ScoredCustomer[];
  /** Features that somebody could change. */
  readonly actionable: readonly string[];
}

export interface CostPoints {
  readonly threshold: readonly number[];
  readonly cost: readonly number[];
  readonly missed: readonly number[];
  readonly falseAlarms: readonly number[];
  /** Index of the cheapest. */
  readonly best: number;
}

/** The smallest change that gets under a threshold. */
export interface Plan {
  readonly found: boolean;
  readonly changes: readonly { readonly feature: string; readonly from: FeatureValue; readonly to: FeatureValue }[];
  readonly probability: number;
}

export interface Curve {
  readonly feature: string;
  readonly values: readonly FeatureValue[];
  /** This customer's. */
  readonly own: readonly number[];
  /** Mean over the first customers of the sample. */
  readonly mean: readonly number[];
}
