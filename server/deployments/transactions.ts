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
} satisfies Transactions;
