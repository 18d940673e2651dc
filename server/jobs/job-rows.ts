// Rows of the store ↔ what the API speaks of.
import type { z } from "zod";
import type { Job, JobCell, JobRun, JobRunStatus, newJob } from "../../lib/contract/job.ts";
import type { JobTable } from "../storage/tables.ts";
import type { RunRow } from "./store.ts";

export type JobSettings = z.output<typeof newJob>;

export type JobSettingsRow = Omit<
  JobTable,
  "id" | "crn" | "name" | "next_due" | "project" | "created_by" | "created_at" | "updated_at"
>;

export function toJobRow(job: Omit<JobSettings, "name">): JobSettingsRow {
  return {
    description: job.description,
    file: job.file,
    parameters: JSON.stringify(job.parameters),
    arguments: JSON.stringify(job.arguments),
    environment: JSON.stringify(job.environment),
    kernel: job.kernel,
    timeout_seconds: job.timeoutSeconds,
    retries: job.retries,
    retry_delay_seconds: job.retryDelaySeconds,
    overlap: job.overlap,
    cron: job.schedule?.cron ?? null,
    time_zone: job.schedule?.timeZone ?? null,
    after_jobs: JSON.stringify(job.after),
  };
}

export function settingsOf(row: JobTable): JobSettings {
  return {
    name: row.name,
    description: row.description,
    file: row.file,
    parameters: JSON.parse(row.parameters),
    arguments: JSON.parse(row.arguments),
    environment: JSON.parse(row.environment),
    kernel: row.kernel as Job["kernel"],
    timeoutSeconds: row.timeout_seconds,
    retries: row.retries,
    retryDelaySeconds: row.retry_delay_seconds,
    overlap: row.overlap as Job["overlap"],
    schedule: row.cron === null ? null : { cron: row.cron, timeZone: row.time_zone ?? "UTC" },
    after: JSON.parse(row.after_jobs),
  };
}

export function toJob(row: JobTable, last: RunRow | undefined): Job {
  return {
    id: row.id,
    crn: row.crn,
    ...settingsOf(row),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...(row.next_due !== null && { nextRunAt: row.next_due }),
    ...(last && { lastRun: toRun(last) }),
  };
}

export function toRun(row: RunRow): JobRun {
  return {
    id: row.id,
    crn: row.crn,
    job: row.job_name,
    file: row.file,
    chain: row.chain,
    cause: row.cause as JobRun["cause"],
    status: row.status as JobRunStatus,
    attempt: row.attempt,
    parameters: JSON.parse(row.parameters),
    queuedAt: row.queued_at,
    ...(row.due_at !== null && { dueAt: row.due_at }),
    ...(row.started_at !== null && { startedAt: row.started_at }),
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
    cells: row.cells,
    ran: row.ran,
    ...(row.current !== null && { current: JSON.parse(row.current) }),
    ...(row.failure !== null && { failure: JSON.parse(row.failure) }),
    notebook: row.has_notebook === 1,
    logBytes: row.log_bytes,
  };
}

export function cellsOf(row: RunRow): JobCell[] {
  return JSON.parse(row.cell_states);
}
