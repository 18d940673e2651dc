import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Deployment } from "../../../lib/contract/model.ts";
import { createLiveEvents, type LiveEvent } from "../../../server/monitoring/live-events.ts";
import { crnOf } from "./records.ts";

const churn = { crn: crnOf("model", "1"), name: "churn" };
const other = { crn: crnOf("model", "2"), name: "other" };

describe("live events", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const watching = (model = churn) => {
    const events = createLiveEvents();
    const seen: LiveEvent[] = [];
    return { events, seen, stop: events.subscribe(model, (event) => seen.push(event)) };
  };

  test("the first call is told at once, a hurry of calls at most four times a second, the last one always", () => {
    const { events, seen } = watching();
    events.predictionRecorded(churn.crn);
    expect(seen).toEqual([{ type: "prediction", total: 1 }]);
    for (let ms = 0; ms < 1000; ms += 10) {
      events.predictionRecorded(churn.crn);
      vi.advanceTimersByTime(10);
    }
    expect(seen.length).toBeLessThanOrEqual(6);
    expect(seen.length).toBeGreaterThanOrEqual(4);
    vi.advanceTimersByTime(1000);
    expect(seen.at(-1)).toEqual({ type: "prediction", total: 101 });
    const told = seen.length;
    vi.advanceTimersByTime(10_000);
    expect(seen.length).toBe(told);
  });

  test("calls of another model, and after the end of the subscription, are not told", () => {
    const { events, seen, stop } = watching();
    events.predictionRecorded(other.crn);
    stop();
    events.predictionRecorded(churn.crn);
    vi.advanceTimersByTime(1000);
    expect(seen).toEqual([]);
  });

  test("values that come later are told beside the calls, and as seldom", () => {
    const { events, seen } = watching();
    events.metricsTracked(churn.crn, { delayed: 3 });
    events.predictionRecorded(churn.crn);
    for (let i = 0; i < 50; i++) events.metricsTracked(churn.crn, { delayed: 1 });
    events.metricsTracked(churn.crn, { aggregate: 1 });
    events.metricsTracked(other.crn, { delayed: 100 });
    vi.advanceTimersByTime(1000);
    expect(seen).toEqual([
      { type: "metrics", delayed: 3, aggregate: 0 },
      { type: "prediction", total: 1 },
      { type: "metrics", delayed: 53, aggregate: 1 },
    ]);
  });

  test("a deployment is told to those who watch its model, in its project", () => {
    const { events, seen } = watching();
    const deployment = { crn: crnOf("model-deployment", "d"), model: "churn", status: "deployed" } as Deployment;
    events.deploymentChanged(deployment);
    events.deploymentChanged({ ...deployment, model: "other" });
    events.deploymentChanged({ ...deployment, crn: crnOf("model-deployment", "d", "elsewhere") });
    expect(seen).toEqual([{ type: "deployment", deployment }]);
  });

  test("two watch one model; one leaves, the other stays", () => {
    const { events, seen } = watching();
    const stop = events.subscribe(churn, () => {});
    stop();
    events.predictionRecorded(churn.crn);
    events.deploymentChanged({ crn: crnOf("model-deployment", "d"), model: "churn" } as Deployment);
    expect(seen.map(({ type }) => type)).toEqual(["prediction", "deployment"]);
  });
});
