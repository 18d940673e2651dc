// Jobs of the running server, from a notebook or script: made, changed, found, deleted.
import type { Job, JobChange, NewJob } from "../contract/job.ts";
import type { Page } from "../contract/model.ts";
import { requestJson } from "../core/request-json.ts";
import { requireServer } from "./find-server.ts";

/**
 * Makes a job: a notebook or script of the project that the server runs as a process.
 *
 * @example await createJob({ name: "train", file: "notebooks/3_model_building.ipynb", after: ["ingest"] })
 * @throws Error no server runs
 * @throws ServerError the name is taken (409); the file, a parameter, the schedule or `after` is not possible (400)
 */
export async function createJob(job: NewJob): Promise<Job> {
  const server = await requireServer(`create the job ${job.name}`);
  return requestJson<Job>(server, "POST", "/api/v2/jobs", job);
}

/**
 * Changes a job; what is left out stays. Runs that are queued run as changed.
 *
 * @throws Error no server runs
 * @throws ServerError no such job (404), or the change is not possible (400)
 */
export async function updateJob(name: string, change: JobChange): Promise<Job> {
  const server = await requireServer(`change the job ${name}`);
  return requestJson<Job>(server, "PATCH", pathOf(name), change);
}

/** @throws Error no server runs; ServerError no such job (404) */
export async function getJob(name: string): Promise<Job> {
  const server = await requireServer(`get the job ${name}`);
  return requestJson<Job>(server, "GET", pathOf(name));
}

/**
 * All jobs, by name, each with its last run.
 *
 * @throws Error no server runs
 */
export async function listJobs(): Promise<readonly Job[]> {
  const server = await requireServer("list the jobs");
  const jobs: Job[] = [];
  for (let token: string | undefined; ; ) {
    const next = token === undefined ? "" : `&page_token=${encodeURIComponent(token)}`;
    const page = await requestJson<Page<Job>>(server, "GET", `/api/v2/jobs?page_size=1000${next}`);
    jobs.push(...page.items);
    token = page.next_page_token;
    if (!token) return jobs;
  }
}

export interface DeleteJobOptions {
  /** Stops its runs first. Default false: a job with a run that has not ended stays. */
  readonly stop?: boolean;
}

/**
 * Deletes a job with its runs and what they left.
 *
 * @throws Error no server runs
 * @throws ServerError no such job (404), one of its runs has not ended, or other jobs come after it (409)
 */
export async function deleteJob(name: string, { stop = false }: DeleteJobOptions = {}): Promise<void> {
  const server = await requireServer(`delete the job ${name}`);
  await requestJson<void>(server, "DELETE", `${pathOf(name)}${stop ? "?stop=1" : ""}`);
}

function pathOf(name: string): string {
  return `/api/v2/jobs/${encodeURIComponent(name)}`;
}
