// What Prometheus reads: calls by deployment and status, how long they took, how right the latest window was, how many features
// drifted when somebody last looked, and the process's own figures.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export interface PrometheusMetrics {
  /** One call that was recorded. */
  observe(call: { readonly deploymentCrn: string; readonly status: number; readonly durationMs: number }): void;
  /** Scores of a stretch; the accuracy of the latest one is shown. */
  observeWindow(window: { readonly deploymentCrn: string; readonly end: number; readonly accuracy: unknown }): void;
  /** A report on the drift of a model. */
  observeDrift(report: { readonly modelCrn: string; readonly drifted: number }): void;
  text(): Promise<string>;
  readonly contentType: string;
}

const secondBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createPrometheusMetrics(): PrometheusMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const total = new Counter({
    name: "cellwright_predictions_total",
    help: "Calls of models that were recorded, by deployment and HTTP status of the reply.",
    labelNames: ["deployment", "status"],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: "cellwright_prediction_seconds",
    help: "Seconds from a call's start to its answer.",
    labelNames: ["deployment"],
    buckets: secondBuckets,
    registers: [registry],
  });
  const accuracy = new Gauge({
    name: "cellwright_window_accuracy",
    help: "Accuracy of the latest window that was tracked since the server started.",
    labelNames: ["deployment"],
    registers: [registry],
  });
  const drifted = new Gauge({
    name: "cellwright_drifted_features",
    help: "Features of a model that drifted in the latest report.",
    labelNames: ["model"],
    registers: [registry],
  });
  const latest = new Map<string, number>(); // end of the window that is shown
  return {
    observeWindow({ deploymentCrn, end, accuracy: value }) {
      if (typeof value !== "number" || end < (latest.get(deploymentCrn) ?? -Infinity)) return;
      latest.set(deploymentCrn, end);
      accuracy.set({ deployment: deploymentCrn }, value);
    },
    observeDrift: ({ modelCrn, drifted: count }) => drifted.set({ model: modelCrn }, count),
    observe({ deploymentCrn, status, durationMs }) {
      total.inc({ deployment: deploymentCrn, status });
      seconds.observe({ deployment: deploymentCrn }, durationMs / 1000);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
