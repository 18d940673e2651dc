// Who runs what, decided without processes: by example, and by law over servers that come, are killed and lose their leases.

import { describe, expect, test } from "vitest";
import {
  type Action,
  type ActiveRun,
  type Owner,
  plan,
  retryDelayMs,
  type Situation,
} from "../../../server/jobs/plan.ts";
import fc from "../../support/fast-check.ts";

const me: Owner = "here/1";

function run(id: string, changes: Partial<ActiveRun> = {}): ActiveRun {
  const row = { id, jobId: `job-${id}`, overlap: "queue" as const, status: "queued" as const };
  return { ...row, dueAt: null, owner: null, leaseUntil: null, stopRequested: false, ...changes };
}

function actionsOf(changes: Partial<Situation>): readonly Action[] {
  return plan({ runs: [], scheduled: [], here: new Set(), me, atOnce: 2, now: 1000, ...changes }).actions;
}

describe("plan", () => {
  test("starts the oldest first, no more than there is room for", () => {
    const runs = [run("c"), run("a"), run("b")];
    expect(actionsOf({ runs })).toEqual(["a", "b"].map((id) => ({ do: "start", run: id })));
    expect(actionsOf({ runs, here: new Set(["x", "y"]) }).filter(({ do: what }) => what === "start")).toEqual([]);
  });

  test("a job runs once at a time unless it may run beside itself", () => {
    const twice = (overlap: ActiveRun["overlap"]) => [
      run("a", { jobId: "j", overlap }),
      run("b", { jobId: "j", overlap }),
    ];
    expect(actionsOf({ runs: twice("queue") })).toEqual([{ do: "start", run: "a" }]);
    expect(actionsOf({ runs: twice("parallel") })).toHaveLength(2);
  });

  test("a retry waits until it is due, and others do not wait for it", () => {
    const found = plan({
      ...{ runs: [run("a", { dueAt: 5000 }), run("b")], scheduled: [], here: new Set(), me, atOnce: 2, now: 1000 },
    });
    expect(found).toEqual({ actions: [{ do: "start", run: "b" }], lookAgainAt: 5000 });
  });

  test("what an earlier server of this home ran is taken over at once, another home's when its lease has ended", () => {
    const running = (owner: Owner, leaseUntil: number) => run("a", { status: "running", owner, leaseUntil });
    const taken = (owner: Owner, leaseUntil: number) => actionsOf({ runs: [running(owner, leaseUntil)] });
    expect(taken("here/0", 9000)).toEqual([{ do: "take-over", run: "a", owner: "here/0" }]);
    expect(taken("there/1", 9000)).toEqual([]);
    expect(taken("there/1", 1000)).toEqual([{ do: "take-over", run: "a", owner: "there/1" }]);
  });

  test("a run that was to be stopped is, and a process whose run is gone is left to itself no longer", () => {
    const mine = { status: "running" as const, owner: me, leaseUntil: 9000 };
    const runs = [run("a", { ...mine, stopRequested: true }), run("b", mine)];
    expect(actionsOf({ runs, here: new Set(["a", "b", "gone"]) })).toEqual([
      { do: "stop", run: "a" },
      { do: "abandon", run: "gone" },
    ]);
  });

  test("a schedule fires once its time has come, and says when to look again", () => {
    const scheduled = [
      { id: "late", nextDue: 400 },
      { id: "soon", nextDue: 3000 },
    ];
    const found = plan({ runs: [], scheduled, here: new Set(), me, atOnce: 2, now: 1000 });
    expect(found).toEqual({ actions: [{ do: "fire", job: "late", due: 400 }], lookAgainAt: 3000 });
  });

  test("retries wait twice as long each time, never more than a day", () => {
    expect([0, 1, 2, 3].map((used) => retryDelayMs(10, used))).toEqual([10_000, 20_000, 40_000, 80_000]);
    expect(retryDelayMs(86_400, 20)).toBe(86_400_000);
  });

  test("no run ever has two processes, no job runs beside itself, and every run ends", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ job: fc.nat(2), parallel: fc.boolean() }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.record({ what: fc.constantFrom("turn", "end", "kill", "late"), which: fc.nat(7) }), {
          maxLength: 60,
        }),
        (asked, steps) => {
          const world = new World(asked);
          for (const step of steps) world.take(step.what, step.which);
          for (let i = 0; i < 100 && world.active() > 0; i++) {
            for (const server of world.servers) world.turn(server);
            for (let n = 0; n < 8; n++) world.take("end", n);
          }
          expect(world.active()).toBe(0);
          expect([...world.outcomes.values()]).toEqual(asked.map(() => 1));
        },
      ),
      { numRuns: 500, seed: 5 },
    );
  });
});

interface Server {
  readonly place: string;
  instance: number;
  here: Set<string>;
}

/** Two servers on one store, as simply as can be: rows change only from the state a transaction expects. */
class World {
  readonly servers: Server[] = ["p", "q"].map((place) => ({ place, instance: 1, here: new Set() }));
  readonly outcomes = new Map<string, number>();
  #rows: ActiveRun[];
  #now = 0;

  constructor(asked: readonly { readonly job: number; readonly parallel: boolean }[]) {
    this.#rows = asked.map(({ job, parallel }, i) =>
      run(String(i), { jobId: `${job}${parallel}`, overlap: parallel ? "parallel" : "queue" }),
    );
    for (const { id } of this.#rows) this.outcomes.set(id, 0);
  }

  active(): number {
    return this.#rows.length;
  }

  take(what: "turn" | "end" | "kill" | "late", which: number): void {
    const server = this.servers[which % 2]!;
    this.#now += 10;
    if (what === "turn") this.turn(server);
    if (what === "late") this.#now += 1000;
    if (what === "kill") Object.assign(server, { instance: server.instance + 1, here: new Set() }); // its processes end with it
    if (what === "end") this.#end(server, [...server.here][which % Math.max(1, server.here.size)]);
  }

  turn(server: Server): void {
    const owner = ownerOf(server);
    for (const id of server.here) this.#change(id, (row) => row.owner === owner && { leaseUntil: this.#now + 100 });
    const situation = {
      runs: this.#rows,
      scheduled: [],
      here: new Set(server.here),
      me: owner,
      atOnce: 2,
      now: this.#now,
    };
    for (const action of plan(situation).actions) {
      if (action.do === "start") this.#start(server, action.run);
      if (action.do === "abandon") server.here.delete(action.run);
      if (action.do === "take-over") {
        for (const other of this.servers) other.here.delete(action.run); // it saw that its lease had ended
        this.#change(
          action.run,
          (row) => row.owner === action.owner && { status: "queued", owner: null, leaseUntil: null },
        );
      }
    }
  }

  #start(server: Server, id: string): void {
    const row = this.#rows.find((one) => one.id === id)!;
    const busy = this.#rows.some((other) => other.status === "running" && other.jobId === row.jobId);
    if (row.status !== "queued" || (busy && row.overlap !== "parallel")) return;
    expect(this.servers.some(({ here }) => here.has(id))).toBe(false);
    this.#change(id, () => ({ status: "running", owner: ownerOf(server), leaseUntil: this.#now + 100 }));
    server.here.add(id);
    expect(server.here.size).toBeLessThanOrEqual(2);
  }

  #end(server: Server, id: string | undefined): void {
    if (id === undefined) return;
    server.here.delete(id);
    const row = this.#rows.find((one) => one.id === id);
    if (row?.status !== "running" || row.owner !== ownerOf(server)) return;
    this.#rows = this.#rows.filter((one) => one !== row);
    this.outcomes.set(id, this.outcomes.get(id)! + 1);
  }

  #change(id: string, change: (row: ActiveRun) => Partial<ActiveRun> | false): void {
    this.#rows = this.#rows.map((row) => (row.id === id ? { ...row, ...(change(row) || {}) } : row));
  }
}

function ownerOf({ place, instance }: Server): Owner {
  return `${place}/${instance}`;
}
