// The one loop that makes what runs into what is wanted. Woken by every change — a new row, a replica ready or gone — it reads
// the rows, lets plan() decide, does it, and asks again until nothing is left to do. Also how a restart brings everything back.
import type { Log } from "../log.ts";
import { timeOrderedUuid } from "../storage/time-ordered-uuid.ts";
import { type Action, plan, type WantedDeployment } from "./plan.ts";
import type { ReplicaPool } from "./replica-pool.ts";
import type { RouteTable } from "./route-table.ts";
import type { DeploymentRow, DeploymentStore } from "./store.ts";

export interface ReconcilerParts {
  readonly store: DeploymentStore;
  readonly routes: RouteTable;
  /** A pool without replicas. */
  readonly openPool: (row: DeploymentRow, onChange: () => void) => Promise<ReplicaPool>;
  /** A deployment's status, problem or ready replicas changed. */
  readonly onChange: (deploymentId: string) => void;
  readonly clock: () => number;
  readonly log: Log;
  /** How long a deployment that is replaced may take for the calls it has. */
  readonly drainMs: number;
}

export interface Reconciler {
  /** Look again, now. */
  wake(): void;
  pool(deploymentId: string): ReplicaPool | undefined;
  /** Resolves when a deployment has become something else than pending or deploying. */
  settled(deploymentId: string): Promise<void>;
  /** Resolves when the replicas of all these have ended. */
  ended(deploymentIds: readonly string[]): Promise<void>;
  /** Resolves when everything wanted runs or has failed once. */
  allSettled(): Promise<void>;
  /** Brings the route table up to what the store says. */
  readRoutes(): Promise<void>;
  /** Answers the calls at hand and ends all replicas; what is wanted stays wanted. */
  close(withinMs: number): Promise<void>;
}

export function createReconciler(parts: ReconcilerParts): Reconciler {
  const { store, routes, clock, log } = parts;
  const pools = new Map<string, ReplicaPool>();
  const draining = new Map<string, Promise<void>>();
  const watchers = new Set<() => void>();
  let wanted: readonly DeploymentRow[] = [];
  let turnsBegun = 0;
  let turnDone = 0; // number of the last turn that `wanted` comes from
  let routesRead: Promise<void> = Promise.resolve();
  let running: Promise<void> | undefined;
  let again = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  function wake(): void {
    if (closed) return;
    again = true;
    running ??= run().finally(() => {
      running = undefined;
      if (again && !closed) wake();
    });
  }

  async function run(): Promise<void> {
    while (again && !closed) {
      again = false;
      try {
        await turn();
      } catch (error) {
        log.error({ err: error }, "deployments could not be reconciled");
        lookAgain(clock() + 1000);
      }
      for (const look of watchers) look();
    }
  }

  async function turn(): Promise<void> {
    const number = ++turnsBegun;
    wanted = await store.unsettledDeployments();
    const states = new Map([...pools].map(([id, pool]) => [id, pool.state()]));
    const { actions, lookAgainAt } = plan(wanted.map(toWanted), states, new Set(draining.keys()), clock());
    for (const action of actions) {
      if (closed) return;
      await perform(action);
    }
    if (actions.some(({ do: what }) => what !== "start-replica")) again = true;
    lookAgain(lookAgainAt);
    turnDone = number;
  }

  async function perform(action: Action): Promise<void> {
    const row = wanted.find(({ id }) => id === action.id);
    switch (action.do) {
      case "start-replica": {
        const pool = pools.get(action.id) ?? (await open(row!));
        for (let i = 0; i < action.count; i++) pool.startReplica();
        return;
      }
      case "end-replica":
        pools.get(action.id)?.endReplicas(action.count);
        break;
      case "route":
        await route(row!);
        break;
      case "note":
        await store.noteDeployment({ ...action, now: clock() });
        if (!action.problem) pools.get(action.id)?.settled();
        break;
      case "give-up":
        await store.stopDeployment({ ...action, now: clock() });
        break;
      case "drain":
        drain(action.id);
        return;
    }
    log.info({ deployment: action.id, ...action }, "deployment changed");
    parts.onChange(action.id);
  }

  async function open(row: DeploymentRow): Promise<ReplicaPool> {
    const pool = await parts.openPool(row, () => {
      wake();
      parts.onChange(row.id);
    });
    pools.set(row.id, pool);
    await readRoutes();
    return pool;
  }

  /** New calls go to the new replicas from here on; those given out already are answered by the old ones. */
  async function route({ id, model_id, project, created_by }: DeploymentRow): Promise<void> {
    const pool = pools.get(id)!;
    const { signature, example } = pool.description();
    pool.settled();
    await store.routeDeployment({
      route: {
        id: timeOrderedUuid(),
        model_id,
        deployment_id: id,
        weight: 1,
        project,
        created_by,
        created_at: clock(),
      },
      signature: signature ? JSON.stringify(signature) : null,
      example: example ? JSON.stringify(example) : null,
    });
    await readRoutes();
  }

  function drain(id: string): void {
    const pool = pools.get(id)!;
    const drained = readRoutes()
      .then(() => pool.drain(parts.drainMs))
      .finally(() => {
        pools.delete(id);
        draining.delete(id);
        wake();
      });
    draining.set(id, drained);
  }

  /** One after the other: an older reading never overwrites a newer one. */
  function readRoutes(): Promise<void> {
    routesRead = routesRead.catch(() => {}).then(writeTable);
    return routesRead;
  }

  async function writeTable(): Promise<void> {
    const [models, rows] = await Promise.all([store.allModels(), store.routedDeployments()]);
    routes.retain(new Set(models.map(({ access_key }) => access_key)));
    for (const model of models) {
      const deployments = rows.flatMap((row) => {
        const pool = pools.get(row.id);
        if (row.model_id !== model.id || !pool) return [];
        return [{ id: row.id, crn: row.crn, buildCrn: row.build_crn, pool, weight: row.weight ?? 1 }];
      });
      routes.set({ accessKey: model.access_key, modelName: model.name, modelCrn: model.crn, deployments });
    }
  }

  function lookAgain(at: number): void {
    clearTimeout(timer);
    if (at !== Infinity && !closed) timer = setTimeout(wake, Math.max(0, at - clock()));
  }

  /** Asked after turns that began later than now, so that what was just written counts. */
  function when(done: () => boolean): Promise<void> {
    const begun = turnsBegun;
    return new Promise((resolve) => {
      const look = (): void => {
        if (!closed && !(turnDone > begun && done())) return;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      wake();
    });
  }

  const isSettled = (row: DeploymentRow): boolean => {
    if (row.desired === "stopped") return row.status !== "stopping";
    const state = pools.get(row.id)?.state();
    return row.routed && state !== undefined && (state.ready >= row.replicas || state.failures > 0);
  };

  return {
    wake,
    readRoutes,
    pool: (id) => pools.get(id),
    settled: (id) => when(() => wanted.every((row) => row.id !== id || isSettled(row))),
    ended: (ids) => when(() => ids.every((id) => !pools.has(id))),
    allSettled: () => when(() => wanted.every(isSettled)),
    async close(withinMs) {
      closed = true;
      clearTimeout(timer);
      await running;
      for (const look of watchers) look();
      const rest = [...pools].filter(([id]) => !draining.has(id)).map(([, pool]) => pool.drain(withinMs));
      await Promise.all([...draining.values(), ...rest]);
    },
  };
}

function toWanted(row: DeploymentRow): WantedDeployment {
  const { id, model_id: modelId, desired, status, problem, replicas, routed } = row;
  return { id, modelId, desired, status, problem, replicas, routed };
}
