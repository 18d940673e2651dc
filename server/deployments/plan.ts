// What to do so that the replicas that run become the ones that are wanted. Pure: rows and pools in, actions out; the
// reconciler does them and asks again until nothing is left.
import type { DeploymentStatus } from "../../lib/contract/model.ts";
import type { PoolState } from "./replica-pool.ts";

/** A deployment as the store has it. */
export interface WantedDeployment {
  /** Time-ordered: a later deployment has the greater id. */
  readonly id: string;
  readonly modelId: string;
  readonly desired: "running" | "stopped";
  readonly status: DeploymentStatus;
  readonly problem: string;
  readonly replicas: number;
  /** The model's calls go here. */
  readonly routed: boolean;
}

export type Action =
  | { readonly do: "start-replica"; readonly id: string; readonly count: number }
  /** More run than are wanted: so many end when their calls are answered. */
  | { readonly do: "end-replica"; readonly id: string; readonly count: number }
  /** Its replicas are ready: the model's calls go here from now on, the deployments before it stop. */
  | { readonly do: "route"; readonly id: string }
  | { readonly do: "note"; readonly id: string; readonly status: DeploymentStatus; readonly problem: string }
  /** It will not run: wanted no longer. */
  | { readonly do: "give-up"; readonly id: string; readonly status: "failed" | "stopped"; readonly problem: string }
  | { readonly do: "drain"; readonly id: string };

export interface Plan {
  readonly actions: readonly Action[];
  /** Milliseconds since 1970 when to look again though nothing happens; Infinity for never. */
  readonly lookAgainAt: number;
}

/** Starts of a first deployment that may end without a throw (out of memory, killed) before it counts as failed. */
const firstStarts = 3;
/** Failed starts in a row after which a deployment that ran is shown as failed; it is tried on. */
const failuresShown = 5;

export function plan(
  wanted: readonly WantedDeployment[],
  pools: ReadonlyMap<string, PoolState>,
  draining: ReadonlySet<string>,
  now: number,
): Plan {
  const actions: Action[] = [];
  let lookAgainAt = Infinity;
  for (const row of wanted) {
    const pool = pools.get(row.id);
    if (row.desired === "stopped") actions.push(...toStop(row, pool, draining.has(row.id)));
    else if (draining.has(row.id))
      continue; // started again while it stops: it starts anew when that is done
    else if (!row.routed && superseded(row, wanted))
      actions.push({ do: "give-up", id: row.id, status: "stopped", problem: "a later deployment took its place" });
    else if (!row.routed && pool && hopeless(pool))
      actions.push({ do: "give-up", id: row.id, status: "failed", problem: pool.problem });
    else {
      actions.push(...toRun(row, pool));
      const missing = row.replicas - (pool ? pool.ready + pool.starting : 0);
      if (missing > 0 && (!pool || pool.startAfter <= now))
        actions.push({ do: "start-replica", id: row.id, count: missing });
      else if (missing < 0) actions.push({ do: "end-replica", id: row.id, count: -missing });
      else if (missing > 0) lookAgainAt = Math.min(lookAgainAt, pool!.startAfter);
    }
  }
  const known = new Set(wanted.map(({ id }) => id));
  for (const id of pools.keys()) if (!known.has(id) && !draining.has(id)) actions.push({ do: "drain", id });
  return { actions, lookAgainAt };
}

function toStop({ id, status, problem }: WantedDeployment, pool: PoolState | undefined, draining: boolean): Action[] {
  if (draining) return [];
  if (pool) return [{ do: "drain", id }];
  return status === "stopping" ? [{ do: "note", id, status: "stopped", problem }] : [];
}

/** A later deployment of the model answers already. */
function superseded({ id, modelId }: WantedDeployment, wanted: readonly WantedDeployment[]): boolean {
  return wanted.some((other) => other.routed && other.modelId === modelId && other.id > id);
}

function hopeless({ threw, failures }: PoolState): boolean {
  return threw || failures >= firstStarts;
}

function toRun(row: WantedDeployment, pool: PoolState | undefined): Action[] {
  if (!pool) return [];
  const whole = pool.ready >= row.replicas;
  if (!row.routed) return whole ? [{ do: "route", id: row.id }] : [];
  const status = whole || pool.failures < failuresShown ? "deployed" : "failed";
  const problem = whole ? "" : pool.problem;
  return status === row.status && problem === row.problem ? [] : [{ do: "note", id: row.id, status, problem }];
}
