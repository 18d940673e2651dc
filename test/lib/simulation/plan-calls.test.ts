// What each mode of drift does to the calls, held against what was planted; and that a plan is the same whenever it is made.
import { beforeAll, describe, expect, test } from "vitest";
import { mean, standardDeviation } from "../../../lib/core/statistics.ts";
import { type Frame, frameOf, rowObjectsOf } from "../../../lib/frame/frame.ts";
import { type Drift, driftStrength } from "../../../lib/simulation/drift.ts";
import { type PlannedCall, planCalls } from "../../../lib/simulation/plan-calls.ts";
import { type Fitted, fittedModel } from "./fitted-model.ts";

const windowSize = 100;
const calls = 1000;
const seeds = Array.from({ length: 12 }, (_, i) => i + 1);
let fitted: Fitted;
let customers: Frame;

beforeAll(() => {
  fitted = fittedModel();
  customers = fitted.customers;
});

const plan = (seed: number, drift: readonly Drift[] = [], n = calls) =>
  planCalls(customers, { calls: n, label: "Churn", seed, drift });

describe("planCalls", () => {
  test("plans the same calls from the same seed, others from another", () => {
    const drift: Drift[] = [{ mode: "label-noise" }, { mode: "data-quality", strength: 0.2 }];
    expect(plan(3, drift)).toEqual(plan(3, drift));
    expect(plan(3)[0]).not.toEqual(plan(4)[0]);
  });

  test("sends every feature but the label, and no row twice before all had their turn", () => {
    const rows = customers.numRows();
    const sent = plan(1, [], rows).map(({ request }) => JSON.stringify(request));
    expect(sent.sort()).toEqual(
      rowObjectsOf(customers)
        .map(({ Churn: _, ...row }) => JSON.stringify(row))
        .sort(),
    );
    expect(Object.keys(plan(1)[0]!.request)).toEqual(customers.columnNames().filter((name) => name !== "Churn"));
    expect(plan(1, [], rows + 1)[rows]!.request).toEqual(plan(1)[0]!.request);
  });

  test("leaves a null out of the request", () => {
    const rows = frameOf({ tenure: [0, 1], TotalCharges: [null, 20], Churn: ["No", "Yes"] });
    const requests = planCalls(rows, { calls: 2, label: "Churn" }).map(({ request }) => request);
    expect(requests).toContainEqual({ tenure: 0 });
    expect(requests).toContainEqual({ tenure: 1, TotalCharges: 20 });
  });

  test("a drift changes nothing that another one decides", () => {
    const noise: Drift = { mode: "label-noise" };
    const shift: Drift = { mode: "covariate", feature: "Contract", shift: "Two year", strength: 0.5 };
    const both = plan(5, [noise, shift]);
    expect(both.map(({ truth }) => truth)).toEqual(plan(5, [noise]).map(({ truth }) => truth));
    const alone = plan(5, [{ ...noise, strength: 0 }, shift]);
    expect(both.map(({ request }) => request)).toEqual(alone.map(({ request }) => request));
  });

  test("says which column, label or feature does not fit", () => {
    const options = { calls: 1, label: "Churn" };
    expect(() => planCalls(customers, { ...options, label: "churn" })).toThrow('found no column "churn"');
    expect(() => planCalls(customers, { ...options, positive: "yes" })).toThrow('expected "yes" and one other value');
    const plans = (drift: Drift) => () => planCalls(customers, { ...options, drift: [drift] });
    expect(plans({ mode: "covariate", feature: "age", shift: 1 })).toThrow('found no feature "age"');
    expect(plans({ mode: "covariate", feature: "tenure", shift: "old" })).toThrow("expected a number");
    expect(plans({ mode: "concept", where: { Region: "North" } })).toThrow('found no feature "Region"');
    expect(() => planCalls(customers, { ...options, calls: 0 })).toThrow("found 0, expected a positive integer");
  });
});

describe("each mode of drift moves its own measure by what was planted", () => {
  test("label noise: accuracy is (1 − r)·a0 + r·q in every window", () => {
    const noise: Drift = { mode: "label-noise" };
    const misses = seeds.map((seed) => {
      const clean = windowsOf(cleanPlan(seed));
      return windowsOf(plan(seed, [noise])).map((window, k) => {
        const before = clean[k]!;
        const r = mean(window.map(({ call }) => driftStrength(noise, call, calls)));
        const expected = (1 - r) * accuracyOf(before) + r * mean(before.map(predictsYes));
        return (accuracyOf(window) - expected) / errorOfNoise(before, r);
      });
    });
    for (let k = 0; k < calls / windowSize; k++) {
      expect(Math.abs(mean(misses.map((windows) => windows[k]!))) * Math.sqrt(seeds.length)).toBeLessThan(3);
    }
    const all = misses.flat();
    expect(all.filter((miss) => Math.abs(miss) > 3).length).toBeLessThanOrEqual(0.01 * all.length);
    expect(plan(1, [noise]).map(({ request }) => request)).toEqual(plan(1).map(({ request }) => request));
  });

  test("covariate: a number moves by r · shift, and no other feature moves", () => {
    const drift: Drift = { mode: "covariate", feature: "MonthlyCharges", shift: 20, profile: "sudden" };
    const moved = plan(1, [drift]);
    for (const [i, before] of plan(1).entries()) {
      const { MonthlyCharges: is, ...others } = moved[i]!.request;
      const { MonthlyCharges: was, ...othersBefore } = before.request;
      expect(Number(is) - Number(was)).toBeCloseTo(i < calls / 2 ? 0 : 20);
      expect(others).toEqual(othersBefore);
      expect(moved[i]!.truth).toBe(before.truth);
    }
  });

  test("covariate: a category takes over a share r of the others", () => {
    const drift: Drift = { mode: "covariate", feature: "Contract", shift: "Two year" };
    const share = (window: readonly PlannedCall[]) =>
      mean(window.map(({ request }) => Number(request["Contract"] === "Two year")));
    expectMoved(drift, share, (before, r) => (1 - r) * before + r);
  });

  test("prior: the share of leavers rises to (1 − r)·p + r", () => {
    expectMoved({ mode: "prior", strength: 0.8 }, shareOfYes, (before, r) => (1 - r) * before + r);
  });

  test("prior: what leavers look like stays", () => {
    const tenureOfLeavers = (planned: readonly PlannedCall[]) =>
      mean(planned.filter(({ truth }) => truth === "Yes").map(({ request }) => Number(request["tenure"])));
    const [before, after] = [plan(1), plan(1, [{ mode: "prior", profile: "sudden", from: 0 }])].map(tenureOfLeavers);
    expect(Math.abs(after! - before!)).toBeLessThan(3);
  });

  test("concept: accuracy turns to (1 − r)·a + r·(1 − a) where the concept changed, and stays elsewhere", () => {
    const where = { Contract: "Month-to-month" };
    const drift: Drift = { mode: "concept", where, strength: 0.6 };
    const inside = ({ request }: PlannedCall) => request["Contract"] === where.Contract;
    expectMoved(
      drift,
      (window) => accuracyOf(window.filter(inside)),
      (a, r) => (1 - r) * a + r * (1 - a),
    );
    const outside = (planned: readonly PlannedCall[]) => planned.filter((call) => !inside(call));
    expect(outside(plan(1, [drift]))).toEqual(outside(plan(1)));
  });

  test("data quality: a share r of the named keys is left out", () => {
    const features = ["tenure", "TotalCharges"];
    const missing = (window: readonly PlannedCall[]) =>
      mean(window.flatMap(({ request }) => features.map((name) => Number(request[name] === undefined))));
    expectMoved({ mode: "data-quality", features, strength: 0.5 }, missing, (_, r) => r);
    const [call] = plan(1, [{ mode: "data-quality", features, profile: "sudden", from: 0 }]);
    expect(Object.keys(call!.request)).toEqual(
      Object.keys(plan(1)[0]!.request).filter((name) => !features.includes(name)),
    );
  });

  test("latency: callers wait r · byMs longer", () => {
    const drift: Drift = { mode: "latency", byMs: 40, profile: "seasonal" };
    const waits = plan(1, [drift]).map(({ delayMs }) => delayMs);
    expect(waits).toEqual(waits.map((_, i) => 40 * driftStrength(drift, i + 1, calls)));
  });
});

const cleanPlans = new Map<number, PlannedCall[]>();

function cleanPlan(seed: number): PlannedCall[] {
  const planned = cleanPlans.get(seed) ?? plan(seed);
  cleanPlans.set(seed, planned);
  return planned;
}

/**
 * Over the seeds the measure is `expected` of what it was without drift: in all windows together within 3 standard errors, in each
 * within 4.5, which Student's t of 11 degrees passes once in a thousand.
 */
function expectMoved(
  drift: Drift,
  measure: (window: readonly PlannedCall[]) => number,
  expected: (before: number, r: number) => number,
): void {
  const differences = seeds.map((seed) => {
    const clean = windowsOf(cleanPlan(seed));
    return windowsOf(plan(seed, [drift])).map((window, k) => {
      const r = mean(window.map(({ call }) => driftStrength(drift, call, calls)));
      return measure(window) - expected(measure(clean[k]!), r);
    });
  });
  for (let k = 0; k < calls / windowSize; k++) {
    expect(errorsAway(differences.map((windows) => windows[k]!))).toBeLessThan(4.5);
  }
  expect(errorsAway(differences.flat())).toBeLessThan(3);
}

/** The mean in its own standard errors, where it is more than rounding. */
function errorsAway(values: readonly number[]): number {
  const error = standardDeviation(values, { ddof: 1 }) / Math.sqrt(values.length);
  return Math.max(0, Math.abs(mean(values)) - 1e-3) / error;
}

/** Noise changes only customers who stay: of them, each with chance r. */
function errorOfNoise(before: readonly PlannedCall[], r: number): number {
  const stay = before.filter(({ truth }) => truth === "No").length;
  return Math.sqrt(stay * r * (1 - r)) / before.length;
}

function windowsOf(planned: readonly PlannedCall[]): PlannedCall[][] {
  return Array.from({ length: planned.length / windowSize }, (_, k) =>
    planned.slice(k * windowSize, (k + 1) * windowSize),
  );
}

const known = new Map<string, number>();

function predictsYes({ request }: PlannedCall): number {
  const key = JSON.stringify(request);
  const answer = known.get(key) ?? Number(fitted.model.probability(request) >= 0.5);
  known.set(key, answer);
  return answer;
}

function accuracyOf(planned: readonly PlannedCall[]): number {
  return mean(planned.map((call) => Number(predictsYes(call) === Number(call.truth === "Yes"))));
}

function shareOfYes(planned: readonly PlannedCall[]): number {
  return mean(planned.map(({ truth }) => Number(truth === "Yes")));
}
