// Runs of jobs, from a notebook or script: started, watched, stopped.
import { setTimeout as wait } from "node:timers/promises";
import type { JobRun, JobRunStatus, NewJobRun } from "../contract/job.ts";
import type { Page } from "../contract/model.ts";
import { requestJson } from "../core/request-json.ts";
import { jobRunId } from "../core/settings.ts";
import { requireServer } from "./find-server.ts";

/**
 * Runs a job; resolves at once, with the run queued (or skipped, where the job wants no second one).
 *
 * @param run parameters over the job's own; `chain: false` leaves out the jobs that come after it
 * @throws Error no server runs
 * @throws ServerError no such job (404); its file is gone or declares no such parameter (400)
 */
export async function createJobRun(job: string, run: NewJobRun = {}): Promise<JobRun> {
  const server = await requireServer(`run the job ${job}`);
  return requestJson<JobRun>(server, "POST", `/api/v2/jobs/${encodeURIComponent(job)}/runs`, run);
}

/** @throws Error no server runs; ServerError no such run (404) */
export async function getJobRun(id: string): Promise<JobRun> {
  const server = await requireServer("get a job run");
  return requestJson<JobRun>(server, "GET", pathOf(id));
}

export interface ListJobRunsOptions {
  /** Name of a job. Default all. */
  readonly job?: string;
  /** Default all. */
  readonly status?: JobRunStatus | readonly JobRunStatus[];
  /** Runs that follow one another share it. Default all. */
  readonly chain?: string;
  /** Default 100, at most 1,000. */
  readonly limit?: number;
}

/**
 * Runs, latest first.
 *
 * @throws Error no server runs
 */
export async function listJobRuns(options: ListJobRunsOptions = {}): Promise<readonly JobRun[]> {
  const { job, status, chain, limit = 100 } = options;
  const server = await requireServer("list the job runs");
  const query = new URLSearchParams({ page_size: String(limit) });
  if (job !== undefined) query.set("job", job);
  if (status !== undefined) query.set("status", [status].flat().join(","));
  if (chain !== undefined) query.set("chain", chain);
  return (await requestJson<Page<JobRun>>(server, "GET", `/api/v2/job-runs?${query}`)).items;
}

export interface WaitForJobRunOptions {
  /** Milliseconds between two looks. Default 500. */
  readonly everyMs?: number;
  /** Default none. */
  readonly timeoutMs?: number;
}

/**
 * The run once it has ended, however it ended: look at its `status`.
 *
 * @throws Error no server runs, or the run has not ended in `timeoutMs`; the run goes on
 * @throws ServerError no such run (404)
 */
export async function waitForJobRun(
  id: string,
  { everyMs = 500, timeoutMs = Number.POSITIVE_INFINITY }: WaitForJobRunOptions = {},
): Promise<JobRun> {
  const server = await requireServer("wait for a job run");
  for (const end = performance.now() + timeoutMs; ; await wait(everyMs)) {
    const run = await requestJson<JobRun>(server, "GET", pathOf(id));
    if (run.status !== "queued" && run.status !== "running") return run;
    if (performance.now() > end)
      throw new Error(`Cannot wait longer for run ${id} of ${run.job}: found it ${run.status} after ${timeoutMs} ms`);
  }
}

/**
 * Stops a run, queued or running; resolves when it was asked to, its notebook is kept as far as it came.
 *
 * @throws Error no server runs; ServerError no such run (404)
 */
export async function stopJobRun(id: string): Promise<JobRun> {
  const server = await requireServer("stop a job run");
  return requestJson<JobRun>(server, "POST", `${pathOf(id)}/stop`);
}

/**
 * The id of the job run that this notebook or script runs in, undefined outside of one. It stays over retries and restarts of the
 * server: what is kept under it is found again by the next attempt.
 */
export function currentJobRun(): string | undefined {
  return jobRunId();
}

function pathOf(id: string): string {
  return `/api/v2/job-runs/${encodeURIComponent(id)}`;
}
