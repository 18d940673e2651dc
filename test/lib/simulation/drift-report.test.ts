// What the drift report says of simulated calls: the planted feature and no other, and nothing where nothing was planted.
import { beforeAll, describe, expect, test } from "vitest";
import type { ReferenceRows } from "../../../lib/contract/monitoring.ts";
import { driftReport } from "../../../lib/monitoring/drift-report.ts";
import type { Drift } from "../../../lib/simulation/drift.ts";
import { planCalls } from "../../../lib/simulation/plan-calls.ts";
import { type Fitted, fittedModel } from "./fitted-model.ts";

let fitted: Fitted;

beforeAll(() => {
  fitted = fittedModel({ rows: 7043 });
});

describe("drift over a simulation", () => {
  const planted: Drift[] = [
    { mode: "covariate", feature: "MonthlyCharges", shift: 15 },
    { mode: "covariate", feature: "tenure", shift: 12 },
    { mode: "covariate", feature: "TotalCharges", shift: 900, profile: "seasonal" },
    { mode: "covariate", feature: "Contract", shift: "Two year", strength: 0.5 },
    { mode: "covariate", feature: "PaymentMethod", shift: "Electronic check", profile: "sudden", strength: 0.4 },
    { mode: "covariate", feature: "SeniorCitizen", shift: "1", strength: 0.4 },
  ];
  for (const drift of planted) {
    const { feature } = drift as { feature: string };
    test(`planted in ${feature} it is found there and nowhere else`, () => {
      expect(driftedFeatures(7, [{ mode: "label-noise" }, drift])).toEqual([feature]);
    });
  }

  test("label noise, concept and latency move no input", () => {
    const drift: Drift[] = [
      { mode: "label-noise" },
      { mode: "concept", where: { Contract: "Month-to-month" } },
      { mode: "latency", byMs: 100 },
    ];
    expect(driftedFeatures(7, drift)).toEqual([]);
  });

  test("without drift nothing is found in at least 90 of 100 seeds", () => {
    const quiet = Array.from({ length: 100 }, (_, seed) => driftedFeatures(seed, [], 500)).filter(
      (drifted) => drifted.length === 0,
    );
    expect(quiet.length).toBeGreaterThanOrEqual(90);
  }, 120_000);
});

function driftedFeatures(seed: number, drift: readonly Drift[], calls = 1000): string[] {
  const { model, customers } = fitted;
  const requests = planCalls(customers, { calls, label: "Churn", seed, drift }).map(({ request }) => request);
  const current: ReferenceRows = Object.fromEntries(
    model.features.map((name) => [name, requests.map((request) => request[name] ?? null)]),
  );
  const { features } = driftReport(model.reference, current);
  return features.filter(({ drifted }) => drifted).map(({ feature }) => feature);
}
