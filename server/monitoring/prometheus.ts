// What Prometheus reads: calls by deployment and status, how long they took, and the process's own figures.
import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";

export interface PrometheusMetrics {
  /** One call that was recorded. */
  observe(call: { readonly deploymentCrn: string; readonly status: number; readonly durationMs: number }): void;
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
  return {
    observe({ deploymentCrn, status, durationMs }) {
      total.inc({ deployment: deploymentCrn, status });
      seconds.observe({ deployment: deploymentCrn }, durationMs / 1000);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
