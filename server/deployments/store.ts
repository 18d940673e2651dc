// SQL of models, deployments and routes: reads here, writes by the named transactions beside it.
import type { DeploymentStatus } from "../../lib/contract/model.ts";
import type { Database } from "../storage/database.ts";
import type { DeploymentTable, ModelTable } from "../storage/tables.ts";
import type { NoteArguments, RouteArguments, ScaleArguments } from "./transactions.ts";

/** A deployment with what the reconciler needs of its model and build. */
export interface DeploymentRow extends DeploymentTable {
  readonly status: DeploymentStatus;
  readonly model_name: string;
  readonly build_crn: string;
  /** Its share of the model's calls; null when none go to it. */
  readonly weight: number | null;
  readonly routed: boolean;
}

export interface PageOf {
  /** The last row of the page before. */
  readonly after: string | undefined;
  readonly limit: number;
}

export interface DeploymentStore {
  /** False when the name is taken. */
  insertModel(row: ModelTable): Promise<boolean>;
  findModel(project: string, name: string): Promise<ModelTable | undefined>;
  /** By name. */
  listModels(project: string, page: PageOf): Promise<ModelTable[]>;
  allModels(): Promise<ModelTable[]>;
  hasModels(): Promise<boolean>;
  insertDeployment(row: DeploymentTable): Promise<void>;
  findDeployment(project: string, id: string): Promise<DeploymentRow | undefined>;
  /** Latest first. */
  listDeployments(modelId: string, page: PageOf): Promise<DeploymentRow[]>;
  /** Those that should run, and those that have not stopped yet. */
  unsettledDeployments(): Promise<DeploymentRow[]>;
  /** Those that calls go to: of these models, or of all. */
  routedDeployments(modelIds?: readonly string[]): Promise<DeploymentRow[]>;
  findBuild(modelId: string, id: string): Promise<{ readonly status: string } | undefined>;
  routeDeployment(args: RouteArguments): Promise<boolean>;
  noteDeployment(args: NoteArguments): Promise<void>;
  stopDeployment(args: NoteArguments): Promise<void>;
  /** False when it is not wanted to run. */
  scaleDeployment(args: ScaleArguments): Promise<boolean>;
  /** False when a later deployment answers the model's calls. */
  startDeployment(args: { readonly id: string; readonly now: number }): Promise<boolean>;
  /** The ids of its deployments; its predictions stay. */
  deleteModel(modelId: string): Promise<string[]>;
}

export function createDeploymentStore(database: Database): DeploymentStore {
  const { query } = database;

  function deployments() {
    return query
      .selectFrom("deployment")
      .innerJoin("model", "model.id", "deployment.model_id")
      .innerJoin("build", (join) =>
        join.onRef("build.model_id", "=", "deployment.model_id").onRef("build.id", "=", "deployment.build_id"),
      )
      .leftJoin("route", "route.deployment_id", "deployment.id")
      .selectAll("deployment")
      .select(["model.name as model_name", "build.crn as build_crn", "route.weight"]);
  }

  const read = async (rows: ReturnType<typeof deployments>): Promise<DeploymentRow[]> =>
    (await rows.execute()).map((row) => ({
      ...row,
      status: row.status as DeploymentStatus,
      routed: row.weight !== null,
    }));

  return {
    insertModel: (row) => database.transact("insert-model", row),
    insertDeployment: (row) => database.transact("insert-deployment", row),
    routeDeployment: (args) => database.transact("route-deployment", args),
    noteDeployment: (args) => database.transact("note-deployment", args),
    stopDeployment: (args) => database.transact("stop-deployment", args),
    scaleDeployment: (args) => database.transact("scale-deployment", args),
    startDeployment: (args) => database.transact("start-deployment", args),
    deleteModel: (modelId) => database.transact("delete-model", modelId),

    findModel: (project, name) =>
      query.selectFrom("model").selectAll().where("project", "=", project).where("name", "=", name).executeTakeFirst(),

    listModels(project, { after, limit }) {
      const all = query.selectFrom("model").selectAll().where("project", "=", project).orderBy("name").limit(limit);
      return (after === undefined ? all : all.where("name", ">", after)).execute();
    },

    allModels: () => query.selectFrom("model").selectAll().execute(),

    hasModels: async () => (await query.selectFrom("model").select("id").limit(1).executeTakeFirst()) !== undefined,

    async findDeployment(project, id) {
      const [row] = await read(deployments().where("deployment.id", "=", id).where("deployment.project", "=", project));
      return row;
    },

    listDeployments(modelId, { after, limit }) {
      const all = deployments()
        .where("deployment.model_id", "=", modelId)
        .orderBy("deployment.id", "desc")
        .limit(limit);
      return read(after === undefined ? all : all.where("deployment.id", "<", after));
    },

    unsettledDeployments: () =>
      read(
        deployments().where((row) =>
          row.or([row("deployment.desired", "=", "running"), row("deployment.status", "=", "stopping")]),
        ),
      ),

    async routedDeployments(modelIds) {
      if (modelIds?.length === 0) return [];
      const routed = deployments().where("route.id", "is not", null);
      return read(modelIds ? routed.where("deployment.model_id", "in", modelIds) : routed);
    },

    findBuild: (modelId, id) =>
      query
        .selectFrom("build")
        .select("status")
        .where("model_id", "=", modelId)
        .where("id", "=", id)
        .executeTakeFirst(),
  };
}
