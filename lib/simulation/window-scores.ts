// How right a model was over a window of a simulation's calls. Pure.

import { mean } from "../core/statistics.ts";
import { accuracy } from "../metrics/confusion-matrix.ts";
import type { RecordedCall } from "./recorded-calls.ts";

/** The scores of a window, as they are tracked. */
export interface WindowScores {
  readonly simulation: string;
  /** From 1. */
  readonly window: number;
  readonly calls: number;
  /** Shorter than the others: the last one of a number of calls that the size does not divide. */
  readonly partial: boolean;
  /** Calls that the model failed at; they count in no score. */
  readonly failed: number;
  /** Absent when the model failed at all. */
  readonly accuracy?: number;
  readonly share_predicted_positive?: number;
  readonly share_truly_positive?: number;
  /** Mean, from the callers' side. */
  readonly latency_ms: number;
}

export interface ScoreOptions {
  readonly simulation: string;
  readonly window: number;
  /** Calls of a full window. */
  readonly size: number;
  readonly positive: string;
  /** From this probability on, the positive label is predicted. */
  readonly threshold: number;
}

export function scoreWindow(
  calls: readonly RecordedCall[],
  { simulation, window, size, positive, threshold }: ScoreOptions,
): WindowScores {
  const answered = calls.filter(({ probability }) => probability !== undefined);
  const truths = answered.map(({ truth }) => Number(truth === positive));
  const predicted = answered.map(({ probability }) => Number(probability! >= threshold));
  return {
    simulation,
    window,
    calls: calls.length,
    partial: calls.length < size,
    failed: calls.length - answered.length,
    ...(answered.length > 0 && {
      accuracy: accuracy(truths, predicted),
      share_predicted_positive: mean(predicted),
      share_truly_positive: mean(truths),
    }),
    latency_ms: mean(calls.map(({ latencyMs }) => latencyMs)),
  };
}
