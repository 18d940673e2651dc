// Models, their builds, deployments and routes; every call of them; keys.
import type { Kysely } from "kysely";
import type { Migration } from "./migration.ts";
import { tablesOf } from "./tables-of.ts";

export const firstTables: Migration = {
  name: "0001-first-tables",
  async up(db, engine) {
    const table = tablesOf(db, engine);
    await table("model", ["id", "crn", "name", "description", "access_key"], ["created_at", "updated_at"])
      .addPrimaryKeyConstraint("model_key", ["id"])
      .addUniqueConstraint("model_name", ["project", "name"])
      .addUniqueConstraint("model_crn", ["crn"])
      .addUniqueConstraint("model_access_key", ["access_key"])
      .execute();
    await table(
      "build",
      ["model_id", "id", "crn", "notebook_path", "function", "comment", "status", "log", "manifest"],
      ["size_bytes", "created_at", "updated_at"],
    )
      .addPrimaryKeyConstraint("build_key", ["model_id", "id"])
      .addForeignKeyConstraint("build_model", ["model_id"], "model", ["id"])
      .execute();
    await table(
      "deployment",
      ["id", "model_id", "build_id", "crn", "desired", "status", "problem"],
      ["replicas", "memory_mb", "created_at", "updated_at"],
    )
      .addColumn("signature", "text")
      .addColumn("example", "text")
      .addPrimaryKeyConstraint("deployment_key", ["id"])
      .addUniqueConstraint("deployment_crn", ["crn"])
      .addForeignKeyConstraint("deployment_build", ["model_id", "build_id"], "build", ["model_id", "id"])
      .execute();
    await table("route", ["id", "model_id", "deployment_id"], ["created_at"])
      .addColumn("weight", engine.real, (column) => column.notNull())
      .addPrimaryKeyConstraint("route_key", ["id"])
      .addUniqueConstraint("route_deployment", ["model_id", "deployment_id"])
      .addForeignKeyConstraint("route_model", ["model_id"], "model", ["id"])
      .addForeignKeyConstraint("route_to_deployment", ["deployment_id"], "deployment", ["id"])
      .execute();
    await table("prediction_source", ["model_crn", "build_crn", "deployment_crn"], ["created_at"])
      .addColumn("id", engine.serial, (column) => column.notNull().primaryKey())
      .addUniqueConstraint("prediction_source_deployment", ["deployment_crn"])
      .execute();
    await table(
      "prediction",
      ["uuid", "request", "response", "metrics"],
      ["source_id", "started_at", "ended_at", "duration_ms", "status"],
    )
      .addColumn("probability", engine.real)
      .addColumn("error_code", "text")
      .addColumn("error_message", "text")
      .addColumn("error_place", "text")
      .addPrimaryKeyConstraint("prediction_key", ["uuid"])
      .execute();
    await table("token", ["id", "hash", "scopes", "subject"], ["created_at"])
      .addColumn("expires_at", engine.integer)
      .addPrimaryKeyConstraint("token_key", ["id"])
      .addUniqueConstraint("token_hash", ["hash"])
      .execute();
    await addIndexes(db);
  },
};

// biome-ignore lint/suspicious/noExplicitAny: tables as they were
async function addIndexes(db: Kysely<any>): Promise<void> {
  await db.schema.createIndex("build_by_time").on("build").columns(["model_id", "created_at"]).execute();
  await db.schema.createIndex("deployment_by_time").on("deployment").columns(["model_id", "created_at"]).execute();
  await db.schema.createIndex("prediction_source_model").on("prediction_source").columns(["model_crn"]).execute();
  await db.schema.createIndex("prediction_source_build").on("prediction_source").columns(["build_crn"]).execute();
  // Pages and series of a deployment by time. What a series adds up is in the index, so that it never opens the rows.
  await db.schema
    .createIndex("prediction_by_time")
    .on("prediction")
    .columns(["source_id", "started_at", "uuid", "duration_ms", "status", "probability"])
    .execute();
}
