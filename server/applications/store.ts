// SQL of applications by Kysely; one function a question. Writes are the named transactions beside it.
import type { Database } from "../storage/database.ts";
import type { ApplicationTable } from "../storage/tables.ts";
import type { ApplicationUpdate } from "./transactions.ts";

export interface PageOf {
  /** The last row of the page before. */
  readonly after: string | undefined;
  readonly limit: number;
}

export interface ApplicationStore {
  /** False when the name is taken. */
  insert(row: ApplicationTable): Promise<boolean>;
  update(changes: ApplicationUpdate): Promise<void>;
  delete(id: string): Promise<void>;
  find(project: string, name: string): Promise<ApplicationTable | undefined>;
  /** By name. */
  list(project: string, page: PageOf): Promise<ApplicationTable[]>;
  /** Of all projects. */
  all(): Promise<ApplicationTable[]>;
}

export function createApplicationStore(database: Database): ApplicationStore {
  const { query } = database;
  return {
    insert: (row) => database.transact("insert-application", row),
    update: (changes) => database.transact("update-application", changes),
    delete: (id) => database.transact("delete-application", { id }),

    find: (project, name) =>
      query
        .selectFrom("application")
        .selectAll()
        .where("project", "=", project)
        .where("name", "=", name)
        .executeTakeFirst(),

    list(project, { after, limit }) {
      const all = query
        .selectFrom("application")
        .selectAll()
        .where("project", "=", project)
        .orderBy("name")
        .limit(limit);
      return (after === undefined ? all : all.where("name", ">", after)).execute();
    },

    all: () => query.selectFrom("application").selectAll().orderBy("name").execute(),
  };
}
