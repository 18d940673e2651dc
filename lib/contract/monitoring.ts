// What is learnt about predictions after they were made: their truth, scores of windows, rules that raise alerts, and drift away
// from the rows the model learnt from.
import { z } from "zod";
import type { JsonObject, JsonValue } from "./signature.ts";

const metricValues = z.record(z.string().min(1).max(250), z.json()) as unknown as z.ZodType<JsonObject>;
const atOnce = 10_000;

/** Values that come later, by uuid; they merge with what is there. One unknown uuid refuses the whole batch. */
export const delayedMetrics = z.strictObject({
  items: z
    .array(z.strictObject({ predictionUuid: z.string().min(1), metrics: metricValues }))
    .min(1)
    .max(atOnce),
});
export type DelayedMetrics = z.input<typeof delayedMetrics>;

/** Values of a stretch of calls; the same deployment and stretch again merges. */
export const aggregateMetrics = z.strictObject({
  items: z
    .array(
      z.strictObject({
        modelDeploymentCrn: z.string().min(1),
        startTimestampMs: z.number(),
        endTimestampMs: z.number(),
        metrics: metricValues,
      }),
    )
    .min(1)
    .max(atOnce),
});
export type AggregateMetrics = z.input<typeof aggregateMetrics>;

/** A row of the table of predictions: what a glance needs; `/metrics/read` by uuid has all of it. */
export interface PredictionSummary {
  readonly uuid: string;
  readonly deploymentCrn: string;
  readonly buildCrn: string;
  readonly startTimestampMs: number;
  readonly durationMs: number;
  readonly status: number;
  readonly probability: number | null;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  /** Notebook, cell and line of a throw. */
  readonly errorPlace?: string;
  /** Delayed metrics, when any have come. */
  readonly truth?: JsonObject;
}

/** Latest first; `?status=ok|failed&uuid=PREFIX&start=&end=&page_size=&page_token=`. */
export interface PredictionPage {
  readonly items: readonly PredictionSummary[];
  readonly next_page_token?: string;
}

/** Scores of the windows of one model, by start. */
export interface Windows {
  readonly windows: readonly {
    readonly deploymentCrn: string;
    readonly startTimestampMs: number;
    readonly endTimestampMs: number;
    readonly metrics: JsonObject;
  }[];
  readonly rules: readonly MonitorRule[];
  readonly alerts: readonly Alert[];
}

export const newMonitorRule = z.strictObject({
  /** Of aggregate metrics: `accuracy`; `drift` is the share of features that drift over the range that is looked at. */
  metric: z.string().min(1).max(250),
  /** The alert is raised when the metric is on this side of the threshold. */
  when: z.enum(["below", "above"]),
  threshold: z.number(),
});
export type NewMonitorRule = z.input<typeof newMonitorRule>;

export interface MonitorRule extends Required<z.output<typeof newMonitorRule>> {
  readonly id: string;
  readonly createdAt: number;
}

/** A window on the wrong side of a rule. */
export interface Alert {
  readonly rule: MonitorRule;
  readonly value: number;
  readonly startTimestampMs: number;
  readonly endTimestampMs: number;
}

export type DriftTest = "kolmogorov-smirnov" | "chi-squared" | "z-test" | "wasserstein" | "jensen-shannon";

/** One feature beside the training reference. */
export interface FeatureDrift {
  readonly feature: string;
  readonly type: "number" | "category";
  readonly test: DriftTest;
  /** The test's statistic or distance. */
  readonly statistic: number;
  /** Of a test, corrected for the number of features (Holm); absent for a distance. */
  readonly pValue?: number;
  readonly drifted: boolean;
  /** Both distributions for a plot: edges and shares of numbers, names and shares of categories. */
  readonly distribution: {
    readonly edges?: readonly number[];
    readonly categories?: readonly string[];
    readonly reference: readonly number[];
    readonly current: readonly number[];
  };
}

/** Drift of a model's inputs over a range of time; null where the build brought no reference. */
export interface DriftReport {
  readonly referenceRows: number;
  /** Calls in the range, and how many of them were compared (a seeded sample). */
  readonly calls: number;
  readonly compared: number;
  readonly features: readonly FeatureDrift[];
  /** Half of the features drift. */
  readonly datasetDrift: boolean;
}

/** Rows a model learnt from, at most 1,000, that travel with its build: feature → values, all of one length. */
export type ReferenceRows = { readonly [feature: string]: readonly JsonValue[] };
