// What the reconciler decides, without processes.
import { describe, expect, test } from "vitest";
import { plan, type WantedDeployment } from "../../../server/deployments/plan.ts";
import { backoffMs, type PoolState } from "../../../server/deployments/replica-pool.ts";

const now = 1_000_000;

function deployment(changes: Partial<WantedDeployment> = {}): WantedDeployment {
  return {
    id: "d1",
    modelId: "m",
    desired: "running",
    status: "deployed",
    problem: "",
    replicas: 2,
    routed: true,
    ...changes,
  };
}

function pool(changes: Partial<PoolState> = {}): PoolState {
  return { ready: 2, starting: 0, failures: 0, problem: "", threw: false, startAfter: 0, ...changes };
}

function planFor(wanted: WantedDeployment[], pools: Record<string, PoolState> = {}, draining: string[] = []) {
  return plan(wanted, new Map(Object.entries(pools)), new Set(draining), now);
}

describe("plan", () => {
  test("has nothing to do when what runs is what is wanted", () => {
    expect(planFor([deployment()], { d1: pool() })).toEqual({ actions: [], lookAgainAt: Infinity });
  });

  test("starts what does not run, and only what is missing", () => {
    expect(planFor([deployment()]).actions).toEqual([{ do: "start-replica", id: "d1", count: 2 }]);
    expect(planFor([deployment()], { d1: pool({ ready: 1, starting: 0 }) }).actions).toEqual([
      { do: "start-replica", id: "d1", count: 1 },
    ]);
    expect(planFor([deployment()], { d1: pool({ ready: 1, starting: 1 }) }).actions).toEqual([]);
  });

  test("ends what is too much, starting ones included", () => {
    const one = deployment({ replicas: 1 });
    expect(planFor([one], { d1: pool({ ready: 2, starting: 1 }) }).actions).toEqual([
      { do: "end-replica", id: "d1", count: 2 },
    ]);
  });

  test("leaves one that was started again while it stops alone until it has stopped", () => {
    const again = deployment({ status: "deploying", routed: false });
    expect(planFor([again], { d1: pool() }, ["d1"]).actions).toEqual([]);
    expect(planFor([again]).actions).toEqual([{ do: "start-replica", id: "d1", count: 2 }]);
  });

  test("waits for a replica's turn and says when to look again", () => {
    const { actions, lookAgainAt } = planFor([deployment()], {
      d1: pool({ ready: 1, failures: 3, problem: "ended by SIGKILL", startAfter: now + 400 }),
    });
    expect(actions).toEqual([{ do: "note", id: "d1", status: "deployed", problem: "ended by SIGKILL" }]);
    expect(lookAgainAt).toBe(now + 400);
  });

  test("moves traffic only when all replicas are ready", () => {
    const fresh = deployment({ id: "d2", status: "deploying", routed: false });
    const old = deployment();
    expect(planFor([old, fresh], { d1: pool(), d2: pool({ ready: 1, starting: 1 }) }).actions).toEqual([]);
    expect(planFor([old, fresh], { d1: pool(), d2: pool() }).actions).toEqual([{ do: "route", id: "d2" }]);
  });

  test("gives up a first deployment whose code throws at once, one that dies after three starts", () => {
    const fresh = deployment({ status: "deploying", routed: false });
    const thrown = pool({ ready: 0, failures: 1, threw: true, problem: "boom" });
    expect(planFor([fresh], { d1: thrown }).actions).toEqual([
      { do: "give-up", id: "d1", status: "failed", problem: "boom" },
    ]);
    const died = (failures: number) => pool({ ready: 0, failures, problem: "ended with exit code 3" });
    expect(planFor([fresh], { d1: died(2) }).actions).toEqual([{ do: "start-replica", id: "d1", count: 2 }]);
    expect(planFor([fresh], { d1: died(3) }).actions).toMatchObject([{ do: "give-up", status: "failed" }]);
  });

  test("shows a deployment that ran as failed after five starts in vain, tries on, and heals it", () => {
    const failing = pool({ ready: 0, failures: 5, problem: "out of memory", startAfter: now + 1600 });
    const shown = planFor([deployment()], { d1: failing });
    expect(shown.actions).toEqual([{ do: "note", id: "d1", status: "failed", problem: "out of memory" }]);
    expect(shown.lookAgainAt).toBe(now + 1600);
    const failed = deployment({ status: "failed", problem: "out of memory" });
    expect(planFor([failed], { d1: pool({ failures: 5, problem: "out of memory" }) }).actions).toEqual([
      { do: "note", id: "d1", status: "deployed", problem: "" },
    ]);
  });

  test("stops a deployment that a later one overtook", () => {
    const slow = deployment({ id: "d1", status: "deploying", routed: false });
    const later = deployment({ id: "d2" });
    const { actions } = planFor([slow, later], { d1: pool({ ready: 1, starting: 1 }), d2: pool() });
    expect(actions).toMatchObject([{ do: "give-up", id: "d1", status: "stopped" }]);
    const other = deployment({ id: "d3", modelId: "other" });
    expect(planFor([slow, other], { d1: pool({ ready: 1, starting: 1 }), d3: pool() }).actions).toEqual([]);
  });

  test("drains what is wanted no longer, once, and then calls it stopped", () => {
    const stopping = deployment({ desired: "stopped", status: "stopping", routed: false });
    expect(planFor([stopping], { d1: pool() }).actions).toEqual([{ do: "drain", id: "d1" }]);
    expect(planFor([stopping], { d1: pool() }, ["d1"]).actions).toEqual([]);
    expect(planFor([stopping]).actions).toEqual([{ do: "note", id: "d1", status: "stopped", problem: "" }]);
    expect(planFor([], { gone: pool() }).actions).toEqual([{ do: "drain", id: "gone" }]);
  });
});

test("backoff doubles from nothing to half a minute", () => {
  expect([1, 2, 3, 4, 9, 10, 20].map(backoffMs)).toEqual([0, 200, 400, 800, 25_600, 30_000, 30_000]);
});
