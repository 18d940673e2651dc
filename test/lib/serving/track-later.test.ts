import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MetricsRow } from "../../../lib/contract/prediction.ts";
import { developmentCrn } from "../../../lib/serving/development.ts";
import { modelMetrics } from "../../../lib/serving/model-metrics.ts";
import { readMetrics } from "../../../lib/serving/read-metrics.ts";
import { trackAggregateMetrics } from "../../../lib/serving/track-aggregate-metrics.ts";
import { trackDelayedMetrics } from "../../../lib/serving/track-delayed-metrics.ts";
import { trackMetric } from "../../../lib/serving/track-metric.ts";

const likely = modelMetrics(({ tenure }: { tenure: number }) => {
  trackMetric("probability", 1 / (1 + tenure));
  return { tenure };
});

beforeEach(() => {
  process.env["CELLWRIGHT_HOME"] = "/nonexistent/cellwright-home";
});
afterEach(() => {
  delete process.env["CELLWRIGHT_HOME"];
});

describe("trackDelayedMetrics in development", () => {
  test("merges with what the call tracked, the last value of a name counting", async () => {
    const { predictionUuid } = await called(3);
    await trackDelayedMetrics({ truth: "No", seen: { by: "hand" } }, predictionUuid);
    await trackDelayedMetrics({ truth: "Yes" }, predictionUuid);
    expect(await metricsOf(predictionUuid)).toEqual({ probability: 0.25, truth: "Yes", seen: { by: "hand" } });
  });

  test("takes many predictions at once", async () => {
    const rows = [await called(1), await called(2), await called(4)];
    await trackDelayedMetrics(rows.map(({ predictionUuid }, i) => ({ predictionUuid, metrics: { call: i } })));
    const calls = await Promise.all(rows.map(async ({ predictionUuid }) => (await metricsOf(predictionUuid))["call"]));
    expect(calls).toEqual([0, 1, 2]);
  });

  test("refuses an unknown uuid, and with it the whole batch", async () => {
    const { predictionUuid } = await called(5);
    const batch = [
      { predictionUuid, metrics: { truth: "Yes" } },
      { predictionUuid: "nobody", metrics: { truth: "Yes" } },
    ];
    await expect(trackDelayedMetrics(batch)).rejects.toThrow(
      'Cannot track delayed metrics: found no prediction "nobody" in this process and no server',
    );
    expect(await metricsOf(predictionUuid)).not.toHaveProperty("truth");
  });

  test("refuses what JSON cannot hold", async () => {
    const { predictionUuid } = await called(6);
    await expect(trackDelayedMetrics({ truth: Number.NaN }, predictionUuid)).rejects.toThrow(
      "found NaN, expected a finite number",
    );
  });

  test("keeps the value as it was when tracked", async () => {
    const { predictionUuid } = await called(7);
    const values = { reasons: ["price"] };
    await trackDelayedMetrics(values, predictionUuid);
    values.reasons.push("service");
    expect(await metricsOf(predictionUuid)).toMatchObject({ reasons: ["price"] });
  });
});

describe("trackAggregateMetrics in development", () => {
  test("is read back with an empty uuid, and merges by stretch", async () => {
    await trackAggregateMetrics({ accuracy: 0.8, calls: 100 }, 10, 20, developmentCrn);
    await trackAggregateMetrics({ accuracy: 0.7 }, 10, 20, developmentCrn);
    await trackAggregateMetrics([
      { modelDeploymentCrn: developmentCrn, startTimestampMs: 21, endTimestampMs: 30, metrics: { accuracy: 0.6 } },
    ]);
    const { metrics } = await readMetrics({ startTimestampMs: 10, endTimestampMs: 30 });
    expect(metrics.map(({ predictionUuid, metrics }) => [predictionUuid, metrics])).toEqual([
      ["", { accuracy: 0.7, calls: 100 }],
      ["", { accuracy: 0.6 }],
    ]);
  });

  test("stays out of the way when a prediction is asked for", async () => {
    const { predictionUuid } = await called(8);
    await trackAggregateMetrics({ accuracy: 1 }, 1, 2, developmentCrn);
    expect((await readMetrics({ predictionUuid })).metrics).toHaveLength(1);
  });

  test("refuses a stretch that ends before it starts, and a deployment without a server", async () => {
    await expect(trackAggregateMetrics({ accuracy: 1 }, 2, 1, developmentCrn)).rejects.toThrow(
      "found the stretch 2 to 1",
    );
    await expect(trackAggregateMetrics({ accuracy: 1 }, 1, 2, "crn:elsewhere")).rejects.toThrow(
      "Cannot track aggregate metrics of crn:elsewhere: found no server",
    );
  });
});

async function called(tenure: number): Promise<MetricsRow> {
  likely({ tenure });
  const { metrics } = await readMetrics({ modelDeploymentCrn: developmentCrn });
  return metrics.filter(({ predictionUuid }) => predictionUuid !== "").at(-1)!;
}

async function metricsOf(predictionUuid: string): Promise<MetricsRow["metrics"]> {
  return (await readMetrics({ predictionUuid })).metrics[0]!.metrics;
}
