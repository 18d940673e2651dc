// The room put together: store, route table, reconciler, service, and how a replica of a deployment is started.
import { join } from "node:path";
import type { Log } from "../log.ts";
import type { CallLimits } from "../settings.ts";
import type { Database } from "../storage/database.ts";
import { createReconciler, type Reconciler } from "./reconciler.ts";
import { createReplicaLogs, type ReplicaLogs } from "./replica-logs.ts";
import { createReplicaPool, type ReplicaPool } from "./replica-pool.ts";
import { startReplica } from "./replica-process.ts";
import { createRouteTable, type RouteTable } from "./route-table.ts";
import { createDeploymentService, type DeploymentService } from "./service.ts";
import { createDeploymentStore, type DeploymentRow } from "./store.ts";

export interface DeploymentsParts {
  readonly database: Database;
  /** Build folders, by id. */
  readonly builds: string;
  /** Folder of the replicas' logs. */
  readonly logs: string;
  /** The compiled replica.ts. */
  readonly replicaEntry: string;
  readonly limits: CallLimits;
  /** What a deployment's replicas get to reach the server with, beside their own settings. */
  readonly environmentFor: (deployment: DeploymentRow) => Promise<NodeJS.ProcessEnv>;
  /** A deployment was made, or its status, problem or ready replicas changed. */
  readonly onChange: (deploymentId: string) => void;
  readonly clock: () => number;
  readonly log: Log;
}

export interface Deployments {
  readonly service: DeploymentService;
  readonly routes: RouteTable;
  readonly reconciler: Reconciler;
}

/** A replaced deployment has its calls' time, and a little to end, before its replicas are killed. */
const drainGraceMs = 5000;

export function openDeployments(parts: DeploymentsParts): Deployments {
  const { database, clock, log, onChange, limits } = parts;
  const store = createDeploymentStore(database);
  const logs = createReplicaLogs(parts.logs);
  const routes = createRouteTable();
  const openPool = (row: DeploymentRow, onPoolChange: () => void): Promise<ReplicaPool> =>
    poolOf(parts, logs, row, onPoolChange);
  const drainMs = limits.timeoutMs + drainGraceMs;
  const reconciler = createReconciler({ store, routes, openPool, onChange, clock, log, drainMs });
  return { service: createDeploymentService({ store, reconciler, logs, onChange, clock }), routes, reconciler };
}

async function poolOf(
  parts: DeploymentsParts,
  logs: ReplicaLogs,
  row: DeploymentRow,
  onChange: () => void,
): Promise<ReplicaPool> {
  const { limits, replicaEntry } = parts;
  const env = await parts.environmentFor(row);
  const replicaLog = logs.open(row.id);
  const pool = createReplicaPool({
    limits,
    onChange,
    start: (onEnd) =>
      startReplica({
        entry: replicaEntry,
        buildFolder: join(parts.builds, row.build_id),
        deploymentCrn: row.crn,
        memoryMb: row.memory_mb,
        timeoutMs: limits.timeoutMs,
        env,
        log: replicaLog,
        onEnd,
      }),
  });
  const drain = async (withinMs: number): Promise<void> => {
    await pool.drain(withinMs);
    await replicaLog.close();
  };
  return { ...pool, drain };
}
