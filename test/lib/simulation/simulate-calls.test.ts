// Simulations of a function of this process: its records in memory are the store, and stay when a simulation is cut off.

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { MetricsRow } from "../../../lib/contract/prediction.ts";
import type { JsonObject } from "../../../lib/contract/signature.ts";
import { seededRandom } from "../../../lib/core/random.ts";
import { type Frame, frameOf } from "../../../lib/frame/frame.ts";
import { developmentCrn } from "../../../lib/serving/development.ts";
import { modelMetrics } from "../../../lib/serving/model-metrics.ts";
import { readMetrics } from "../../../lib/serving/read-metrics.ts";
import { trackMetric } from "../../../lib/serving/track-metric.ts";
import { type CallEndpoint, endpointOf } from "../../../lib/simulation/call-endpoint.ts";
import type { Drift } from "../../../lib/simulation/drift.ts";
import { planCalls } from "../../../lib/simulation/plan-calls.ts";
import { runSimulation, type Simulation } from "../../../lib/simulation/run-simulation.ts";
import { simulateCalls } from "../../../lib/simulation/simulate-calls.ts";
import fc from "../../support/fast-check.ts";

beforeEach(() => {
  process.env["CELLWRIGHT_HOME"] = "/nonexistent/cellwright-home";
});
afterEach(() => {
  delete process.env["CELLWRIGHT_HOME"];
});

const leaves = modelMetrics(async ({ tenure }: { tenure: number }) => {
  await new Promise(setImmediate);
  if (tenure === 13) throw new Error("no such month");
  const probability = 1 / (1 + tenure / 12);
  trackMetric("probability", probability);
  return { probability };
});

let worlds = 0;

/** Customers that no other test calls with: `world` is in each request. */
function customersOf({ rows = 300, seed = 1 } = {}): Frame {
  const random = seededRandom(seed);
  const tenure = Array.from({ length: rows }, () => [1, 3, 6, 12, 24, 48][Math.floor(random() * 6)]!);
  const Churn = tenure.map((months) => (random() < 1 / (1 + months / 12) ? "Yes" : "No"));
  return frameOf({ world: tenure.map(() => worlds), tenure, Churn });
}

describe("simulateCalls", () => {
  beforeEach(() => {
    worlds++;
  });

  test("makes the calls, says their truth, and scores windows, the last short one too", async () => {
    const seen: number[] = [];
    const simulation = await simulateCalls(leaves, customersOf(), {
      ...{ id: "plain", calls: 250, label: "Churn", window: 100 },
      onProgress: ({ done }) => seen.push(done),
    });
    const { calls, windows } = await recordsOf("plain");
    expect(calls.map(({ metrics }) => metrics["call"]).sort(byNumber)).toEqual(range(1, 250));
    expect(windows.map(({ metrics: { window, calls, partial } }) => [window, calls, partial])).toEqual([
      [1, 100, false],
      [2, 100, false],
      [3, 50, true],
    ]);
    expect(seen.at(-1)).toBe(250);
    expect(simulation.windows.map(({ accuracy }) => accuracy)).toEqual(
      windows.map(({ metrics }) => metrics["accuracy"]),
    );
  });

  test("a window's scores and stretch are those of its own calls", async () => {
    await simulateCalls(leaves, customersOf(), { id: "own", calls: 120, label: "Churn", window: 40 });
    const { calls, windows } = await recordsOf("own");
    for (const { metrics: scores, startTimeStampMs, endTimeStampMs } of windows) {
      const window = Number(scores["window"]);
      const own = calls.filter(({ metrics }) => Math.ceil(Number(metrics["call"]) / 40) === window);
      const right = own.filter(({ metrics }) => Number(metrics["probability"]) >= 0.5 === (metrics["truth"] === "Yes"));
      expect(scores["accuracy"]).toBeCloseTo(right.length / 40);
      expect(startTimeStampMs).toBe(Math.min(...own.map((row) => row.startTimeStampMs)));
      expect(endTimeStampMs).toBeGreaterThanOrEqual(Math.max(...own.map((row) => row.endTimeStampMs)));
    }
  });

  test("does nothing when it is done already, whatever it was called", async () => {
    for (const id of ["again", undefined]) {
      worlds++;
      const options = { calls: 60, label: "Churn", window: 20, ...(id !== undefined && { id }) };
      const first = await simulateCalls(leaves, customersOf(), options);
      const second = await simulateCalls(leaves, customersOf(), options);
      expect([first.made, second.made]).toEqual([60, 0]);
      expect(second.id).toBe(first.id);
      expect(second.windows).toEqual(first.windows);
      expect((await recordsOf(first.id)).windows).toHaveLength(3);
    }
  });

  test("refuses to go on with what was planned otherwise", async () => {
    const options = { id: "changed", calls: 30, label: "Churn", window: 10 };
    await simulateCalls(leaves, customersOf(), options);
    await expect(simulateCalls(leaves, customersOf(), { ...options, seed: 2 })).rejects.toThrow(
      /Cannot go on with simulation changed: found its call \d+ made otherwise than planned now/,
    );
  });

  test("a call that the model fails at is a call, and counts in no score", async () => {
    const rows = frameOf({ world: [worlds, worlds], tenure: [13, 48], Churn: ["Yes", "No"] });
    const { windows } = await simulateCalls(leaves, rows, { id: "failing", calls: 10, label: "Churn", window: 10 });
    expect(windows).toMatchObject([{ calls: 10, failed: 5, accuracy: 1 }]);
  });

  test("callers feel the latency that is planted", async () => {
    const drift: Drift[] = [{ mode: "latency", byMs: 20, profile: "sudden" }];
    const { windows } = await simulateCalls(leaves, customersOf(), {
      ...{ id: "slow", calls: 40, label: "Churn", window: 20, concurrency: 8, drift },
    });
    expect(windows[1]!.latency_ms - windows[0]!.latency_ms).toBeGreaterThan(15);
  });

  test("leaves alone what others called before and meanwhile", async () => {
    const rows = customersOf();
    const [first] = planCalls(rows, { calls: 1, label: "Churn" });
    const others = range(1, 5);
    for (const _ of others) await leaves(first!.request as { tenure: number });
    const since = Date.now() + 1;
    while (Date.now() < since) await new Promise(setImmediate);
    const { made } = await simulateCalls(leaves, rows, { id: "others", calls: 20, label: "Churn", window: 10, since });
    expect(made).toBe(20);
  });
});

describe("a simulation that is cut off anywhere", () => {
  test("goes on: each number once, no call made twice, each window once, the same scores", async () => {
    const whole = await live(undefined, { concurrency: 3, cuts: [] });
    const lives = fc.record({
      concurrency: fc.integer({ min: 1, max: 6 }),
      cuts: fc.array(fc.record({ after: fc.nat({ max: 75 }), kept: fc.boolean() }), { minLength: 1, maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(lives, async (life) => {
        const simulation = await live(undefined, life);
        const { calls, windows } = await recordsOf(simulation.id);
        expect(calls.map(({ metrics }) => metrics["call"]).sort(byNumber)).toEqual(range(1, 25));
        expect(windows.map(({ metrics }) => metrics["window"])).toEqual([1, 2, 3]);
        expect((await recordsOfWorld()).length).toBe(25);
        expect(simulation.windows.map(scoresOf)).toEqual(whole.windows.map(scoresOf));
      }),
      { numRuns: 60, seed: 1 },
    );
  }, 60_000);

  /** One simulation over several lives; each is cut off at its turn, the last runs through. */
  async function live(id: string | undefined, { concurrency, cuts }: Life): Promise<Simulation> {
    worlds++;
    const plan = planCalls(customersOf({ rows: 20 }), { calls: 25, label: "Churn", drift: [{ mode: "label-noise" }] });
    const name = id ?? `world ${worlds}`;
    const options = { id: name, window: 10, concurrency, positive: "Yes", threshold: 0.5 };
    for (const cut of cuts) {
      const { endpoint, settled } = cutOff(endpointOf(leaves), cut);
      await runSimulation(endpoint, plan, options).catch((error: Error) => expect(error.message).toBe("cut off"));
      await settled();
    }
    return runSimulation(endpointOf(leaves), plan, options);
  }
});

interface Cut {
  /** Operations that go through first. */
  readonly after: number;
  /** The operation at the cut is carried out, but its answer is never seen. */
  readonly kept: boolean;
}

interface Life {
  readonly concurrency: number;
  readonly cuts: readonly Cut[];
}

/** An endpoint whose user is cut off: nothing after the cut is asked, nothing under way is answered. */
function cutOff(endpoint: CallEndpoint, { after, kept }: Cut): { endpoint: CallEndpoint; settled(): Promise<void> } {
  let count = 0;
  let cut = false;
  const underWay: Promise<unknown>[] = [];
  const through = async <T>(work: () => Promise<T>): Promise<T> => {
    const last = count++ >= after;
    if (cut || (last && !kept)) {
      cut = true;
      throw new Error("cut off");
    }
    const asked = work();
    underWay.push(asked.catch(() => {}));
    if (last) cut = true;
    const answer = await asked;
    if (cut) throw new Error("cut off");
    return answer;
  };
  return {
    endpoint: {
      call: (request) => through(() => endpoint.call(request)),
      trackTruths: (items) => through(() => endpoint.trackTruths(items)),
      trackWindow: (item) => through(() => endpoint.trackWindow(item)),
      read: endpoint.read,
    },
    settled: async () => void (await Promise.all(underWay)),
  };
}

async function recordsOf(id: string): Promise<{ calls: MetricsRow[]; windows: MetricsRow[] }> {
  const { metrics } = await readMetrics({ modelDeploymentCrn: developmentCrn });
  const rows = metrics.filter((row) => row.metrics["simulation"] === id);
  const windows = rows.filter(({ predictionUuid }) => predictionUuid === "");
  return { calls: rows.filter((row) => !windows.includes(row)), windows };
}

/** All calls with inputs of this test's world. */
async function recordsOfWorld(): Promise<MetricsRow[]> {
  const { metrics } = await readMetrics({ modelDeploymentCrn: developmentCrn });
  return metrics.filter(({ request }) => (request as JsonObject | undefined)?.["world"] === worlds);
}

function scoresOf({
  simulation: _,
  latency_ms: __,
  startTimestampMs: ___,
  endTimestampMs: ____,
  ...scores
}: Simulation["windows"][number]) {
  return scores;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

function byNumber(a: unknown, b: unknown): number {
  return Number(a) - Number(b);
}
