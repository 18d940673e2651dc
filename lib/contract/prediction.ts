// Records of predictions: what is kept of each call, how it is asked for, and the series that plots draw.
import { z } from "zod";
import type { ErrorCode } from "./errors.ts";
import type { JsonObject, JsonValue } from "./signature.ts";

/** One call of a deployed model as the store keeps it. */
export interface PredictionRecord {
  /** Time-ordered (version 7). */
  readonly uuid: string;
  readonly modelCrn: string;
  readonly buildCrn: string;
  readonly deploymentCrn: string;
  /** Milliseconds since 1970. */
  readonly startTimestampMs: number;
  readonly endTimestampMs: number;
  /** HTTP status of the reply. */
  readonly status: number;
  readonly errorCode?: ErrorCode;
  readonly errorMessage?: string;
  /** `5_model_serve.ipynb, cell 4 (id), line 3` for a throw in the model. */
  readonly errorPlace?: string;
  readonly request: JsonValue;
  readonly response: JsonValue;
  readonly metrics: JsonObject;
}

export const readMetricsQuery = z.strictObject({
  modelCrn: z.string().optional(),
  modelBuildCrn: z.string().optional(),
  modelDeploymentCrn: z.string().optional(),
  startTimestampMs: z.number().optional(),
  endTimestampMs: z.number().optional(),
  predictionUuid: z.string().optional(),
  pageSize: z.int().min(1).max(10_000).default(100),
  pageToken: z.string().optional(),
});
export type ReadMetricsQuery = z.input<typeof readMetricsQuery>;

/** One row of readMetrics, in the field names of the source system. */
export interface MetricsRow {
  readonly modelDeploymentCrn: string;
  readonly modelBuildCrn: string;
  readonly modelCrn: string;
  readonly startTimeStampMs: number;
  readonly endTimeStampMs: number;
  readonly predictionUuid: string;
  readonly status: number;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly errorPlace?: string;
  readonly request?: JsonValue;
  readonly response?: JsonValue;
  readonly metrics: JsonObject;
}

export interface MetricsPage {
  readonly metrics: readonly MetricsRow[];
  readonly next_page_token?: string;
}

/** Series of one model for its page: each call a point, or of too many some, spikes kept (least and greatest per bucket). */
export interface PredictionSeries {
  /** Calls in the range, whatever is drawn. */
  readonly total: number;
  readonly failed: number;
  /** False when downsampled. */
  readonly exact: boolean;
  readonly requestsPerSecond: number;
  readonly latencyMs: {
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
  } | null;
  /** One entry a point; `probability` is null where the model tracked none or failed. */
  readonly points: {
    readonly startTimestampMs: readonly number[];
    readonly durationMs: readonly number[];
    readonly probability: readonly (number | null)[];
    readonly status: readonly number[];
    readonly uuid: readonly string[];
  };
  /** Calls and failures per bucket of time. */
  readonly buckets: {
    readonly startTimestampMs: readonly number[];
    readonly calls: readonly number[];
    readonly failures: readonly number[];
    readonly bucketMs: number;
  };
}
