// Monitoring of a model that is really served: its calls, their truth, windows, alerts and drift, on the app as it runs.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { DriftReport, PredictionPage, Windows } from "../../../lib/contract/monitoring.ts";
import { testServer } from "../app/running-server.ts";
import { writeBuild } from "../deployments/hand-made-builds.ts";

const source = `export const predict = modelMetrics((input) => {
  trackMetric("input_data", { tenure: input.tenure ?? 30, plan: input.plan ?? "a" });
  trackMetric("probability", input.tenure / 100);
  return { churn: input.tenure > 50 };
}, {});`;

test("a served model's calls get their truth, its windows an alert, and a moved input shows as drift", async () => {
  await using server = await testServer();
  const build = writeBuild(server.home, source);
  const reference = {
    tenure: Array.from({ length: 500 }, (_, i) => i % 70),
    plan: Array.from({ length: 500 }, (_, i) => (i % 3 === 0 ? "a" : "b")),
  };
  writeFileSync(join(build.folder, "reference.json"), JSON.stringify(reference));
  const model = await server.createModel("watched");
  const { crn } = await server.deploy(model, build);
  const uuids = await Promise.all(
    Array.from({ length: 120 }, async (_, i) => {
      const request = { tenure: 30 + ((i * 7) % 70), plan: i % 3 === 0 ? "a" : "b" };
      return (await server.call(model, request)).body.response.uuid;
    }),
  );
  const items = uuids.map((predictionUuid, i) => ({ predictionUuid, metrics: { final: i % 2 } }));
  expect((await server.api("POST", "/api/v2/metrics/delayed", { items })).status).toBe(204);
  const stretch = { modelDeploymentCrn: crn, startTimestampMs: 1, endTimestampMs: 2, metrics: { accuracy: 0.5 } };
  expect((await server.api("POST", "/api/v2/metrics/aggregate", { items: [stretch] })).status).toBe(204);
  await server.api("POST", "/api/v2/models/watched/rules", { metric: "accuracy", when: "below", threshold: 0.6 });

  await server.restart();
  const { body: page } = await server.api<PredictionPage>("GET", "/api/v2/models/watched/predictions?page_size=200");
  const truths = page.items.map(({ uuid, truth }) => [uuid, truth!["final"]] as const);
  expect(new Map(truths)).toEqual(new Map(items.map(({ predictionUuid, metrics }) => [predictionUuid, metrics.final])));
  const { body: windows } = await server.api<Windows>("GET", "/api/v2/models/watched/windows");
  expect(windows.alerts.map(({ value }) => value)).toEqual([0.5]);
  const { body: drift } = await server.api<DriftReport>("GET", "/api/v2/models/watched/drift");
  expect([drift.referenceRows, drift.calls, drift.compared]).toEqual([500, 120, 120]);
  expect(drift.features.map(({ feature, drifted }) => [feature, drifted])).toEqual([
    ["tenure", true],
    ["plan", false],
  ]);
}, 60_000);
