// SQL of builds: reads here, writes by the named transactions beside it.
import type { Database } from "../storage/database.ts";
import type { BuildTable, ModelTable } from "../storage/tables.ts";

export interface BuildStore {
  findModel(project: string, name: string): Promise<Pick<ModelTable, "id" | "name"> | undefined>;
  /** False when the model has this build already. */
  insertBuild(row: BuildTable): Promise<boolean>;
  noteFailedBuild(row: BuildTable): Promise<void>;
  findBuild(modelId: string, id: string): Promise<BuildTable | undefined>;
  /** Latest first. */
  listBuilds(
    modelId: string,
    page: { readonly after: BuildKey | undefined; readonly limit: number },
  ): Promise<BuildTable[]>;
}

/** Where a page of builds ended. */
export interface BuildKey {
  readonly createdAt: number;
  readonly id: string;
}

export function createBuildStore(database: Database): BuildStore {
  const { query } = database;
  return {
    insertBuild: (row) => database.transact("insert-build", row),
    noteFailedBuild: (row) => database.transact("note-failed-build", row),

    findModel: (project, name) =>
      query
        .selectFrom("model")
        .select(["id", "name"])
        .where("project", "=", project)
        .where("name", "=", name)
        .executeTakeFirst(),

    findBuild: (modelId, id) =>
      query.selectFrom("build").selectAll().where("model_id", "=", modelId).where("id", "=", id).executeTakeFirst(),

    listBuilds(modelId, { after, limit }) {
      const all = query
        .selectFrom("build")
        .selectAll()
        .where("model_id", "=", modelId)
        .orderBy("created_at", "desc")
        .orderBy("id", "desc")
        .limit(limit);
      if (!after) return all.execute();
      return all
        .where((row) =>
          row.or([
            row("created_at", "<", after.createdAt),
            row.and([row("created_at", "=", after.createdAt), row("id", "<", after.id)]),
          ]),
        )
        .execute();
    },
  };
}
