// What models and deployments write. Runs in the writer thread; each is all or nothing.
import type { Kysely } from "kysely";
import type { DeploymentTable, ModelTable, RouteTable, Tables } from "../storage/tables.ts";
import type { Transactions } from "../storage/transaction.ts";

export interface RouteArguments {
  readonly route: RouteTable;
  readonly signature: string | null;
  readonly example: string | null;
}

export interface NoteArguments {
  readonly id: string;
  readonly status: string;
  readonly problem: string;
  readonly now: number;
}

export interface ScaleArguments {
  readonly id: string;
  readonly replicas: number;
  readonly now: number;
}

export const transactions = {
  /** False when the project has a model of this name. */
  "insert-model": async (tx: Kysely<Tables>, row: ModelTable): Promise<boolean> => {
    const insert = tx.insertInto("model").values(row);
    const made = insert.onConflict((on) => on.columns(["project", "name"]).doNothing()).returning("id");
    return (await made.executeTakeFirst()) !== undefined;
  },

  "insert-deployment": async (tx: Kysely<Tables>, row: DeploymentTable): Promise<void> => {
    await tx.insertInto("deployment").values(row).execute();
  },

  /** Its replicas are ready: it answers the model's calls alone, the deployments before it stop. False when it is wanted no longer. */
  "route-deployment": async (tx: Kysely<Tables>, { route, signature, example }: RouteArguments): Promise<boolean> => {
    const { deployment_id: id, model_id: modelId, created_at: now } = route;
    const wanted = await tx
      .updateTable("deployment")
      .set({ status: "deployed", problem: "", signature, example, updated_at: now })
      .where("id", "=", id)
      .where("desired", "=", "running")
      .returning("id")
      .executeTakeFirst();
    if (!wanted) return false;
    await tx.deleteFrom("route").where("model_id", "=", modelId).execute();
    await tx.insertInto("route").values(route).execute();
    await tx
      .updateTable("deployment")
      .set({ desired: "stopped", status: "stopping", updated_at: now })
      .where("model_id", "=", modelId)
      .where("desired", "=", "running")
      .where("id", "<", id)
      .execute();
    await tx.updateTable("model").set({ updated_at: now }).where("id", "=", modelId).execute();
    return true;
  },

  "note-deployment": async (tx: Kysely<Tables>, { id, status, problem, now }: NoteArguments): Promise<void> => {
    await tx.updateTable("deployment").set({ status, problem, updated_at: now }).where("id", "=", id).execute();
  },

  /** Wanted no longer, and no calls go to it. */
  "stop-deployment": async (tx: Kysely<Tables>, { id, status, problem, now }: NoteArguments): Promise<void> => {
    await tx.deleteFrom("route").where("deployment_id", "=", id).execute();
    await tx
      .updateTable("deployment")
      .set({ desired: "stopped", status, problem, updated_at: now })
      .where("id", "=", id)
      .execute();
  },

  "scale-deployment": async (tx: Kysely<Tables>, { id, replicas, now }: ScaleArguments): Promise<boolean> => {
    const scaled = tx
      .updateTable("deployment")
      .set({ replicas, updated_at: now })
      .where("id", "=", id)
      .where("desired", "=", "running");
    return (await scaled.returning("id").executeTakeFirst()) !== undefined;
  },

  /** Wanted again. One that a later deployment has replaced stays stopped: its build is deployed anew to roll back. */
  "start-deployment": async (tx: Kysely<Tables>, { id, now }: { id: string; now: number }): Promise<boolean> => {
    const later = await tx
      .selectFrom("deployment")
      .innerJoin("route", "route.model_id", "deployment.model_id")
      .select("route.deployment_id")
      .where("deployment.id", "=", id)
      .where("route.deployment_id", ">", id)
      .executeTakeFirst();
    if (later) return false;
    await tx
      .updateTable("deployment")
      .set({ desired: "running", status: "deploying", problem: "", updated_at: now })
      .where("id", "=", id)
      .where("desired", "=", "stopped")
      .execute();
    return true;
  },

  /** With its routes, deployments, builds and rules; what was recorded of its calls stays. */
  "delete-model": async (tx: Kysely<Tables>, id: string): Promise<string[]> => {
    const model = await tx.selectFrom("model").select("crn").where("id", "=", id).executeTakeFirst();
    if (!model) return [];
    await tx.deleteFrom("route").where("model_id", "=", id).execute();
    const gone = await tx.deleteFrom("deployment").where("model_id", "=", id).returning("id").execute();
    await tx.deleteFrom("build").where("model_id", "=", id).execute();
    await tx.deleteFrom("monitor_rule").where("model_crn", "=", model.crn).execute();
    await tx.deleteFrom("model").where("id", "=", id).execute();
    return gone.map((deployment) => deployment.id);
  },
} satisfies Transactions;
