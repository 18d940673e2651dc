// Models and their deployments: the rules. Knows no HTTP and no SQL; running them is the reconciler's.
import { randomBytes } from "node:crypto";
import type { Deployment, Model, Page } from "../../lib/contract/model.ts";
import type { JsonObject, Signature } from "../../lib/contract/signature.ts";
import { quote } from "../../lib/core/check.ts";
import type { Principal } from "../auth/principal.ts";
import { AlreadyExistsError, BadRequestError, ConflictError, NotFoundError } from "../errors.ts";
import type { ModelTable } from "../storage/tables.ts";
import { timeOrderedUuid } from "../storage/time-ordered-uuid.ts";
import type { Reconciler } from "./reconciler.ts";
import type { LogPart, ReplicaLogs } from "./replica-logs.ts";
import type { DeploymentRow, DeploymentStore } from "./store.ts";

export interface DeploymentServiceParts {
  readonly store: DeploymentStore;
  readonly reconciler: Reconciler;
  readonly logs: Pick<ReplicaLogs, "read" | "follow">;
  /** A deployment was made. */
  readonly onChange: (deploymentId: string) => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface PageQuery {
  /** Default 100. */
  readonly pageSize?: number;
  readonly pageToken?: string;
}

export interface DeploymentService {
  /** @throws AlreadyExistsError the name is taken */
  createModel(by: Principal, model: { readonly name: string; readonly description: string }): Promise<Model>;
  getModel(by: Principal, name: string): Promise<Model>;
  listModels(by: Principal, page?: PageQuery): Promise<Page<Model>>;
  hasModels(): Promise<boolean>;
  /** @returns at once, deploying; @throws NotFoundError no such model or build */
  createDeployment(by: Principal, model: string, deployment: RequestedDeployment): Promise<Deployment>;
  getDeployment(by: Principal, id: string): Promise<Deployment>;
  listDeployments(by: Principal, model: string, page?: PageQuery): Promise<Page<Deployment>>;
  stopDeployment(by: Principal, id: string): Promise<Deployment>;
  /** @throws ConflictError a later deployment answers the model's calls */
  startDeployment(by: Principal, id: string): Promise<Deployment>;
  /** @throws ConflictError it is stopped */
  scaleDeployment(by: Principal, id: string, replicas: number): Promise<Deployment>;
  /** Its calls are refused from here on; those under way are answered. Resolves when its replicas have ended. */
  deleteModel(by: Principal, name: string): Promise<{ readonly name: string; readonly crn: string }>;
  /** What the deployment's replicas printed, from a byte on. */
  readLog(by: Principal, id: string, from: number): Promise<LogPart>;
  /** @returns ends the subscription */
  followLog(by: Principal, id: string, listener: (part: LogPart) => void): Promise<() => void>;
  /** The deployment once it answers, or failed, or was stopped. */
  whenSettled(by: Principal, id: string): Promise<Deployment>;
}

export interface RequestedDeployment {
  readonly build: string;
  readonly replicas: number;
  readonly memoryMb: number;
}

export function createDeploymentService({
  store,
  reconciler,
  logs,
  onChange,
  clock,
}: DeploymentServiceParts): DeploymentService {
  async function createModel(
    by: Principal,
    { name, description }: { name: string; description: string },
  ): Promise<Model> {
    const id = timeOrderedUuid();
    const now = clock();
    const row: ModelTable = {
      id,
      crn: crnOf(by.project, "model", id),
      name,
      description,
      access_key: `m${randomBytes(16).toString("hex")}`,
      project: by.project,
      created_by: by.id,
      created_at: now,
      updated_at: now,
    };
    if (!(await store.insertModel(row))) {
      throw new AlreadyExistsError(`Cannot create model ${quote(name)}: found one with this name, expected a new name`);
    }
    await reconciler.readRoutes();
    return toModel(row, undefined);
  }

  async function modelRow(by: Principal, name: string): Promise<ModelTable> {
    const row = await store.findModel(by.project, name);
    if (row) return row;
    throw new NotFoundError(`Cannot find model ${quote(name)}: the project ${by.project} has none of this name`);
  }

  async function getModel(by: Principal, name: string): Promise<Model> {
    const row = await modelRow(by, name);
    const [routed] = await store.routedDeployments([row.id]);
    return toModel(row, routed && shown(routed));
  }

  async function listModels(by: Principal, page: PageQuery = {}): Promise<Page<Model>> {
    const limit = page.pageSize ?? 100;
    const rows = await store.listModels(by.project, { after: readToken(page.pageToken), limit: limit + 1 });
    const routed = await store.routedDeployments(rows.map(({ id }) => id));
    const modelOf = (row: ModelTable): Model => {
      const its = routed.find(({ model_id }) => model_id === row.id);
      return toModel(row, its && shown(its));
    };
    return pageOf(rows, limit, modelOf, ({ name }) => name);
  }

  async function createDeployment(by: Principal, name: string, requested: RequestedDeployment): Promise<Deployment> {
    const model = await modelRow(by, name);
    await requireBuilt(model, requested.build);
    const id = timeOrderedUuid();
    const now = clock();
    await store.insertDeployment({
      id,
      model_id: model.id,
      build_id: requested.build,
      crn: crnOf(by.project, "model-deployment", id),
      replicas: requested.replicas,
      memory_mb: requested.memoryMb,
      desired: "running",
      status: "deploying",
      problem: "",
      signature: null,
      example: null,
      project: by.project,
      created_by: by.id,
      created_at: now,
      updated_at: now,
    });
    reconciler.wake();
    onChange(id);
    return getDeployment(by, id);
  }

  async function requireBuilt(model: ModelTable, build: string): Promise<void> {
    const found = await store.findBuild(model.id, build);
    if (!found) throw new NotFoundError(`Cannot deploy ${model.name}: found no build ${quote(build)} of it`);
    if (found.status === "built") return;
    throw new ConflictError(
      `Cannot deploy ${model.name}: found build ${quote(build)} ${found.status}, expected it built`,
    );
  }

  async function deploymentRow(by: Principal, id: string): Promise<DeploymentRow> {
    const row = await store.findDeployment(by.project, id);
    if (row) return row;
    throw new NotFoundError(`Cannot find deployment ${quote(id)}: the project ${by.project} has none of this id`);
  }

  async function getDeployment(by: Principal, id: string): Promise<Deployment> {
    return shown(await deploymentRow(by, id));
  }

  async function listDeployments(by: Principal, name: string, page: PageQuery = {}): Promise<Page<Deployment>> {
    const limit = page.pageSize ?? 100;
    const model = await modelRow(by, name);
    const rows = await store.listDeployments(model.id, { after: readToken(page.pageToken), limit: limit + 1 });
    return pageOf(rows, limit, shown, ({ id }) => id);
  }

  async function stopDeployment(by: Principal, id: string): Promise<Deployment> {
    const row = await deploymentRow(by, id);
    if (row.desired === "running") {
      await store.stopDeployment({ id, status: "stopping", problem: "", now: clock() });
      reconciler.wake();
    }
    return getDeployment(by, id);
  }

  async function startDeployment(by: Principal, id: string): Promise<Deployment> {
    const row = await deploymentRow(by, id);
    if (row.desired === "stopped" && !(await store.startDeployment({ id, now: clock() }))) {
      throw new ConflictError(
        `Cannot start deployment ${quote(id)}: a later one answers the calls of ${row.model_name}; deploy its build again to roll back`,
      );
    }
    reconciler.wake();
    onChange(id);
    return getDeployment(by, id);
  }

  async function scaleDeployment(by: Principal, id: string, replicas: number): Promise<Deployment> {
    await deploymentRow(by, id);
    if (!(await store.scaleDeployment({ id, replicas, now: clock() }))) {
      throw new ConflictError(`Cannot scale deployment ${quote(id)}: it is stopped; start it first`);
    }
    reconciler.wake();
    onChange(id);
    return getDeployment(by, id);
  }

  async function deleteModel(by: Principal, name: string): Promise<{ name: string; crn: string }> {
    const { id, crn } = await modelRow(by, name);
    const deployments = await store.deleteModel(id);
    await reconciler.readRoutes();
    await reconciler.ended(deployments);
    return { name, crn };
  }

  async function whenSettled(by: Principal, id: string): Promise<Deployment> {
    await deploymentRow(by, id);
    await reconciler.settled(id);
    return getDeployment(by, id);
  }

  function shown(row: DeploymentRow): Deployment {
    const ready = reconciler.pool(row.id)?.state().ready ?? 0;
    return toDeployment(row, ready);
  }

  return {
    createModel,
    getModel,
    listModels,
    hasModels: store.hasModels,
    createDeployment,
    getDeployment,
    listDeployments,
    stopDeployment,
    startDeployment,
    scaleDeployment,
    deleteModel,
    whenSettled,
    async readLog(by, id, from) {
      await deploymentRow(by, id);
      return logs.read(id, from);
    },
    async followLog(by, id, listener) {
      await deploymentRow(by, id);
      return logs.follow(id, listener);
    },
  };
}

function crnOf(project: string, kind: string, id: string): string {
  return `crn:cellwright:ml:::workspace:${project}/${kind}/${id}`;
}

function toModel(row: ModelTable, deployment: Deployment | undefined): Model {
  return {
    id: row.id,
    crn: row.crn,
    name: row.name,
    description: row.description,
    accessKey: row.access_key,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...(deployment && { deployment }),
  };
}

function toDeployment(row: DeploymentRow, readyReplicas: number): Deployment {
  return {
    id: row.id,
    crn: row.crn,
    model: row.model_name,
    build: row.build_id,
    status: row.status,
    replicas: row.replicas,
    readyReplicas,
    memoryMb: row.memory_mb,
    problem: row.problem,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...(row.signature !== null && { signature: JSON.parse(row.signature) as Signature }),
    ...(row.example !== null && { example: JSON.parse(row.example) as JsonObject }),
  };
}

/** @param rows one more than the page holds when there is a next one */
function pageOf<R, T>(rows: readonly R[], limit: number, show: (row: R) => T, key: (row: R) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return {
    items: items.map(show),
    ...(last !== undefined && { next_page_token: Buffer.from(key(last)).toString("base64url") }),
  };
}

function readToken(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  if (/^[\w-]+$/.test(token)) return Buffer.from(token, "base64url").toString("utf8");
  throw new BadRequestError("Cannot read the page token: expected the next_page_token of the page before");
}
