// Jobs and their runs.
import type { Migration } from "./migration.ts";
import { tablesOf } from "./tables-of.ts";

export const jobs: Migration = {
  name: "0002-jobs",
  async up(db, engine) {
    const table = tablesOf(db, engine);
    const { integer, real } = engine;
    await table(
      "job",
      [
        ...["id", "crn", "name", "description", "file", "parameters", "arguments", "environment"],
        ...["kernel", "overlap", "after_jobs"],
      ],
      ["retries", "created_at", "updated_at"],
    )
      .addColumn("retry_delay_seconds", real, (column) => column.notNull())
      .addColumn("timeout_seconds", real)
      .addColumn("cron", "text")
      .addColumn("time_zone", "text")
      .addColumn("next_due", integer)
      .addPrimaryKeyConstraint("job_key", ["id"])
      .addUniqueConstraint("job_name", ["project", "name"])
      .execute();
    await table(
      "job_run",
      ["id", "crn", "job_id", "file", "chain", "cause", "status", "parameters", "cell_states"],
      [
        ...["turn", "chained", "attempt", "retries_used", "queued_at", "stop_requested"],
        ...["cells", "ran", "has_notebook", "log_bytes"],
      ],
    )
      .addColumn("due_at", integer)
      .addColumn("started_at", integer)
      .addColumn("ended_at", integer)
      .addColumn("current", "text")
      .addColumn("failure", "text")
      .addColumn("owner", "text")
      .addColumn("lease_until", integer)
      .addPrimaryKeyConstraint("job_run_key", ["id"])
      .addUniqueConstraint("job_run_turn", ["chain", "job_id", "turn"])
      .addForeignKeyConstraint("job_run_job", ["job_id"], "job", ["id"])
      .execute();
    await db.schema.createIndex("job_run_by_job").on("job_run").columns(["job_id", "id"]).execute();
    await db.schema.createIndex("job_run_by_status").on("job_run").columns(["status", "id"]).execute();
    await db.schema.createIndex("job_run_by_project").on("job_run").columns(["project", "id"]).execute();
  },
};
