// Jobs and their runs: the rules. Knows no HTTP and no SQL; running them is the scheduler's.
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import type { Job, JobCell, JobRun, JobRunStatus, jobChange, newJobRun } from "../../lib/contract/job.ts";
import type { Page } from "../../lib/contract/model.ts";
import { quote } from "../../lib/core/check.ts";
import type { Principal } from "../auth/principal.ts";
import { AlreadyExistsError, BadRequestError, ConflictError, NotFoundError } from "../errors.ts";
import type { JobTable } from "../storage/tables.ts";
import { timeOrderedUuid } from "../storage/time-ordered-uuid.ts";
import { executedNotebook } from "./command.ts";
import { circleThrough, unknownJob } from "./dependencies.ts";
import { cellsOf, type JobSettings, settingsOf, toJob, toJobRow, toRun } from "./job-rows.ts";
import type { JobEvents, JobListener } from "./live-events.ts";
import { jobFile, requireParameters } from "./project-file.ts";
import { readRunLog } from "./run-log.ts";
import { nextTime } from "./schedule.ts";
import type { Scheduler } from "./scheduler.ts";
import type { JobStore, RunRow } from "./store.ts";

export interface JobServiceParts {
  readonly store: JobStore;
  readonly scheduler: Scheduler;
  readonly events: JobEvents;
  /** The project's folder. */
  readonly project: string;
  /** Folder of the runs' folders. */
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface PageQuery {
  /** Default 100. */
  readonly pageSize?: number;
  readonly pageToken?: string;
}

export interface RunQuery extends PageQuery {
  readonly job?: string;
  readonly statuses?: readonly JobRunStatus[];
  readonly chain?: string;
}

export type RequestedRun = z.output<typeof newJobRun>;

export interface JobService {
  /** @throws AlreadyExistsError the name is taken; BadRequestError file, schedule, parameters or `after` are not possible */
  createJob(by: Principal, job: JobSettings): Promise<Job>;
  getJob(by: Principal, name: string): Promise<Job>;
  listJobs(by: Principal, page?: PageQuery): Promise<Page<Job>>;
  updateJob(by: Principal, name: string, change: z.output<typeof jobChange>): Promise<Job>;
  /** With its runs. @throws ConflictError one of them has not ended and `stop` is not set, or jobs come after it */
  deleteJob(by: Principal, name: string, options: { readonly stop: boolean }): Promise<void>;
  /** @returns at once, queued or skipped; @throws BadRequestError the file is not there, or takes no such parameters */
  createRun(by: Principal, job: string, run: RequestedRun, cause?: "manual" | "first-start"): Promise<JobRun>;
  getRun(by: Principal, id: string): Promise<JobRun>;
  /** Latest first. */
  listRuns(by: Principal, query?: RunQuery): Promise<Page<JobRun>>;
  stopRun(by: Principal, id: string): Promise<JobRun>;
  /** What did not succeed goes on in its chain, so that what waits for it runs too; what did begins a chain of its own. */
  runAgain(by: Principal, id: string): Promise<JobRun>;
  /** Queues a job in a chain that is there. */
  continueChain(by: Principal, job: string, chain: string): Promise<JobRun>;
  cells(by: Principal, id: string): Promise<readonly JobCell[]>;
  /** @param from bytes; `end` is where to go on */
  readLog(by: Principal, id: string, from: number): Promise<{ readonly text: string; readonly end: number }>;
  /** The executed notebook's file. @throws NotFoundError none is kept */
  notebook(by: Principal, id: string): Promise<string>;
  subscribe(by: Principal, listener: JobListener): () => void;
  /** One run with its cells and log, from what they are now on. */
  subscribeRun(by: Principal, id: string, listener: JobListener): Promise<() => void>;
}

export function createJobService(parts: JobServiceParts): JobService {
  const { store, scheduler, events, project, folder, clock } = parts;

  async function createJob(by: Principal, settings: JobSettings): Promise<Job> {
    await requirePossible(by, settings);
    const id = timeOrderedUuid();
    const now = clock();
    const row: JobTable = {
      id,
      crn: `crn:cellwright:ml:::workspace:${by.project}/job/${id}`,
      name: settings.name,
      ...toJobRow(settings),
      next_due: settings.schedule && nextTime(settings.schedule, now),
      project: by.project,
      created_by: by.id,
      created_at: now,
      updated_at: now,
    };
    if (!(await store.insertJob(row))) {
      throw new AlreadyExistsError(
        `Cannot create job ${quote(settings.name)}: found one with this name, expected a new name`,
      );
    }
    if (settings.schedule) scheduler.wake();
    return toJob(row, undefined);
  }

  async function requirePossible(by: Principal, settings: JobSettings): Promise<void> {
    const { name, file, parameters, after } = settings;
    const found = jobFile(project, file);
    requireParameters(found, file, Object.keys(parameters));
    if (found.kind === "notebook" && settings.arguments.length > 0)
      throw new BadRequestError(`Cannot give arguments to ${file}: found a notebook, expected parameters instead`);
    const others = (await store.allJobs(by.project)).map(settingsOf).filter((other) => other.name !== name);
    const unknown = unknownJob({ name, after }, new Set([name, ...others.map((other) => other.name)]));
    if (unknown !== undefined)
      throw new BadRequestError(`Cannot run ${name} after ${quote(unknown)}: found no job of this name`);
    const circle = circleThrough({ name, after }, others);
    if (circle)
      throw new BadRequestError(
        `Cannot run ${name} after ${after.map(quote).join(", ")}: found the circle ${circle.join(" ← ")}`,
      );
  }

  async function jobRow(by: Principal, name: string): Promise<JobTable> {
    const row = await store.findJob(by.project, name);
    if (row) return row;
    throw new NotFoundError(`Cannot find job ${quote(name)}: the project ${by.project} has none of this name`);
  }

  async function getJob(by: Principal, name: string): Promise<Job> {
    const row = await jobRow(by, name);
    const [last] = await store.lastRuns([row.id]);
    return toJob(row, last);
  }

  async function listJobs(by: Principal, { pageSize = 100, pageToken }: PageQuery = {}): Promise<Page<Job>> {
    const rows = await store.listJobs(by.project, { after: readToken(pageToken), limit: pageSize + 1 });
    const last = new Map((await store.lastRuns(rows.map(({ id }) => id))).map((run) => [run.job_id, run]));
    return pageOf(
      rows,
      pageSize,
      (row) => toJob(row, last.get(row.id)),
      ({ name }) => name,
    );
  }

  async function updateJob(by: Principal, name: string, change: z.output<typeof jobChange>): Promise<Job> {
    const row = await jobRow(by, name);
    const before = settingsOf(row);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const settings: JobSettings = { ...before, ...given };
    await requirePossible(by, settings);
    const now = clock();
    const isSame = JSON.stringify(settings.schedule) === JSON.stringify(before.schedule);
    const next = isSame ? row.next_due : settings.schedule && nextTime(settings.schedule, now);
    await store.updateJob(row.id, { ...toJobRow(settings), next_due: next, updated_at: now });
    scheduler.wake();
    return getJob(by, name);
  }

  async function deleteJob(by: Principal, name: string, { stop }: { readonly stop: boolean }): Promise<void> {
    const row = await jobRow(by, name);
    const later = (await store.allJobs(by.project)).map(settingsOf).filter(({ after }) => after.includes(name));
    if (later.length > 0) {
      const names = later.map((job) => quote(job.name)).join(", ");
      throw new ConflictError(`Cannot delete job ${quote(name)}: found ${names} after it, expected none`);
    }
    if (stop) await stopAll(row);
    const runs = await store.deleteJob(row.id);
    if (!runs) {
      throw new ConflictError(
        `Cannot delete job ${quote(name)}: found a run that has not ended, expected none (or stop=1)`,
      );
    }
    for (const id of runs) rmSync(join(folder, id), { recursive: true, force: true });
  }

  async function stopAll({ id, project: its }: JobTable): Promise<void> {
    const active = await store.listRuns(
      its,
      { jobId: id, statuses: ["queued", "running"] },
      { after: undefined, limit: 10_000 },
    );
    for (const run of active) await store.stopRun(run.id, clock());
    await scheduler.ended(active.map((run) => run.id));
  }

  async function queue(
    by: Principal,
    job: JobTable,
    run: Pick<JobRun, "cause" | "parameters"> & { readonly chain?: string; readonly chained: boolean },
  ): Promise<JobRun> {
    const parameters = { ...settingsOf(job).parameters, ...run.parameters };
    requireParameters(jobFile(project, job.file), job.file, Object.keys(parameters));
    const id = timeOrderedUuid();
    const status = await store.queueRun({
      id,
      job_id: job.id,
      chain: run.chain ?? id,
      cause: run.cause,
      chained: run.chained ? 1 : 0,
      parameters: JSON.stringify(parameters),
      queued_at: clock(),
      project: by.project,
      created_by: by.id,
    });
    if (status === undefined) throw new NotFoundError(`Cannot run job ${quote(job.name)}: it was deleted`);
    const queued = await getRun(by, id);
    events.runChanged(by.project, queued);
    scheduler.wake();
    return queued;
  }

  async function runRow(by: Principal, id: string): Promise<RunRow> {
    const row = await store.findRun(id);
    if (row?.project === by.project) return row.status === "running" ? { ...row, ...scheduler.progressOf(id) } : row;
    throw new NotFoundError(`Cannot find job run ${quote(id)}: the project ${by.project} has none of this id`);
  }

  async function getRun(by: Principal, id: string): Promise<JobRun> {
    return toRun(await runRow(by, id));
  }

  async function listRuns(by: Principal, query: RunQuery = {}): Promise<Page<JobRun>> {
    const { pageSize = 100, pageToken, job, statuses, chain } = query;
    const jobId = job === undefined ? undefined : (await jobRow(by, job)).id;
    const page = { after: readToken(pageToken), limit: pageSize + 1 };
    return pageOf(await store.listRuns(by.project, { jobId, statuses, chain }, page), pageSize, toRun, ({ id }) => id);
  }

  async function stopRun(by: Principal, id: string): Promise<JobRun> {
    const before = await runRow(by, id);
    await store.stopRun(id, clock());
    const run = await getRun(by, id);
    if (run.status !== before.status) events.runChanged(by.project, run);
    scheduler.wake();
    return run;
  }

  async function runAgain(by: Principal, id: string): Promise<JobRun> {
    const row = await runRow(by, id);
    if (row.status === "queued" || row.status === "running")
      throw new ConflictError(`Cannot run ${row.job_name} again: found this run ${row.status}, expected it ended`);
    const chain = row.status === "succeeded" ? {} : { chain: row.chain };
    const job = await jobRow(by, row.job_name);
    return queue(by, job, { cause: "retry", parameters: toRun(row).parameters, chained: row.chained === 1, ...chain });
  }

  return {
    createJob,
    getJob,
    listJobs,
    updateJob,
    deleteJob,
    async createRun(by, name, { parameters, chain }, cause = "manual") {
      return queue(by, await jobRow(by, name), { cause, parameters, chained: chain });
    },
    async continueChain(by, name, chain) {
      return queue(by, await jobRow(by, name), { cause: "first-start", parameters: {}, chained: true, chain });
    },
    getRun,
    listRuns,
    stopRun,
    runAgain,
    cells: async (by, id) => cellsOf(await runRow(by, id)),
    async readLog(by, id, from) {
      await runRow(by, id);
      return readRunLog(join(folder, id, "run.log"), from);
    },
    async notebook(by, id) {
      const { file, job_name: job } = await runRow(by, id);
      const path = executedNotebook(join(folder, id), file);
      if (path.endsWith(".ipynb") && existsSync(path)) return path;
      throw new NotFoundError(`Cannot show the executed notebook of this run of ${job}: found none`);
    },
    subscribe: (by, listener) => events.subscribe(by.project, listener),
    async subscribeRun(by, id, listener) {
      const row = await runRow(by, id);
      const end = events.subscribeRun(id, listener);
      listener({ type: "run", run: toRun(row) });
      for (const cell of cellsOf(row)) listener({ type: "cell", run: id, cell });
      return end;
    },
  };
}

function pageOf<Row, T>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => T,
  keyOf: (row: Row) => string,
): Page<T> {
  const last = rows[limit - 1];
  const items = rows.slice(0, limit).map(toItem);
  if (rows.length <= limit || !last) return { items };
  return { items, next_page_token: Buffer.from(keyOf(last)).toString("base64url") };
}

function readToken(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  if (/^[\w-]+$/.test(token)) return Buffer.from(token, "base64url").toString("utf8");
  throw new BadRequestError("Cannot read the page token: expected the next_page_token of the page before");
}
