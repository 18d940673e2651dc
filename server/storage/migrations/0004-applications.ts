// Applications: what the user wants to run; whether it does is known to the server's process alone.
import { type CreateTableBuilder, sql } from "kysely";
import type { Migration } from "./migration.ts";

export const applications: Migration = {
  name: "0004-applications",
  async up(db, engine) {
    let table: CreateTableBuilder<string, string> = db.schema.createTable("application");
    const texts = ["id", "crn", "name", "description", "file", "environment", "desired", "problem"];
    for (const column of [...texts, "project", "created_by"]) {
      table = table.addColumn(column, "text", (one) => one.notNull());
    }
    for (const column of ["memory_mb", "bypass_authentication", "created_at", "updated_at"]) {
      table = table.addColumn(column, engine.integer, (one) => one.notNull());
    }
    table = table
      .addPrimaryKeyConstraint("application_key", ["id"])
      .addUniqueConstraint("application_name", ["name"]) // it is a host name, and there is one of each
      .addUniqueConstraint("application_crn", ["crn"]);
    await (engine.tableOptions ? table.modifyEnd(sql.raw(engine.tableOptions)) : table).execute();
  },
};
