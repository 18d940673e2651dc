// SQL of jobs and their runs: reads here, writes by the named transactions beside it.
import type { Database } from "../storage/database.ts";
import type { JobRunTable, JobTable } from "../storage/tables.ts";
import type { Claim, EndedRun, EndRunArguments, NewRunRow, RunProgressRow } from "./transactions.ts";

/** A run with what its job says of how it runs. */
export interface RunRow extends JobRunTable {
  readonly job_name: string;
  readonly overlap: string;
}

export interface PageOf {
  /** The last row of the page before. */
  readonly after: string | undefined;
  readonly limit: number;
}

export interface RunFilter {
  readonly jobId?: string | undefined;
  readonly statuses?: readonly string[] | undefined;
  readonly chain?: string | undefined;
}

export interface JobStore {
  /** False when the name is taken. */
  insertJob(row: JobTable): Promise<boolean>;
  updateJob(id: string, changes: Partial<JobTable>): Promise<void>;
  /** The ids of its runs; undefined while one of them has not ended. */
  deleteJob(id: string): Promise<string[] | undefined>;
  findJob(project: string, name: string): Promise<JobTable | undefined>;
  jobOfId(id: string): Promise<JobTable | undefined>;
  /** By name. */
  listJobs(project: string, page: PageOf): Promise<JobTable[]>;
  allJobs(project: string): Promise<JobTable[]>;
  /** Jobs of all projects that a schedule starts. */
  scheduledJobs(): Promise<JobTable[]>;

  queueRun(row: NewRunRow): Promise<string | undefined>;
  fireSchedule(args: { due: number; next: number; row: NewRunRow }): Promise<string | undefined>;
  claimRun(args: { id: string; owner: string; leaseUntil: number; now: number }): Promise<number | undefined>;
  renewRuns(args: { ids: readonly string[]; owner: string; leaseUntil: number }): Promise<string[]>;
  noteRun(args: Claim & { progress: RunProgressRow }): Promise<void>;
  endRun(args: EndRunArguments): Promise<EndedRun | undefined>;
  requeueRun(args: { id: string; owner: string | null; now: number }): Promise<string | undefined>;
  stopRun(id: string, now: number): Promise<string | undefined>;
  pruneRuns(jobId: string, keep: number): Promise<string[]>;

  findRun(id: string): Promise<RunRow | undefined>;
  /** Queued and running ones of all projects. */
  activeRuns(): Promise<RunRow[]>;
  /** Latest first. */
  listRuns(project: string, filter: RunFilter, page: PageOf): Promise<RunRow[]>;
  /** The chain that began last for this cause. */
  latestChain(project: string, cause: string): Promise<string | undefined>;
  /** Of each of the jobs. */
  lastRuns(jobIds: readonly string[]): Promise<RunRow[]>;
}

export function createJobStore(database: Database): JobStore {
  const { query } = database;

  function runs() {
    return query
      .selectFrom("job_run")
      .innerJoin("job", "job.id", "job_run.job_id")
      .selectAll("job_run")
      .select(["job.name as job_name", "job.overlap"]);
  }

  return {
    insertJob: (row) => database.transact("insert-job", row),
    updateJob: (id, changes) => database.transact("update-job", { id, changes }),
    deleteJob: (id) => database.transact("delete-job", { id }),
    queueRun: (row) => database.transact("queue-run", row),
    fireSchedule: (args) => database.transact("fire-schedule", args),
    claimRun: (args) => database.transact("claim-run", args),
    renewRuns: (args) => database.transact("renew-runs", args),
    noteRun: (args) => database.transact("note-run", args),
    endRun: (args) => database.transact("end-run", args),
    requeueRun: (args) => database.transact("requeue-run", args),
    stopRun: (id, now) => database.transact("stop-run", { id, now }),
    pruneRuns: (jobId, keep) => database.transact("prune-runs", { jobId, keep }),

    findJob: (project, name) =>
      query.selectFrom("job").selectAll().where("project", "=", project).where("name", "=", name).executeTakeFirst(),
    jobOfId: (id) => query.selectFrom("job").selectAll().where("id", "=", id).executeTakeFirst(),
    listJobs(project, { after, limit }) {
      const all = query.selectFrom("job").selectAll().where("project", "=", project).orderBy("name").limit(limit);
      return (after === undefined ? all : all.where("name", ">", after)).execute();
    },
    allJobs: (project) => query.selectFrom("job").selectAll().where("project", "=", project).execute(),
    scheduledJobs: () => query.selectFrom("job").selectAll().where("next_due", "is not", null).execute(),

    findRun: (id) => runs().where("job_run.id", "=", id).executeTakeFirst(),
    activeRuns: () => runs().where("job_run.status", "in", ["queued", "running"]).execute(),
    listRuns(project, { jobId, statuses, chain }, { after, limit }) {
      let found = runs().where("job_run.project", "=", project).orderBy("job_run.id", "desc").limit(limit);
      if (jobId !== undefined) found = found.where("job_run.job_id", "=", jobId);
      if (statuses) found = found.where("job_run.status", "in", statuses);
      if (chain !== undefined) found = found.where("job_run.chain", "=", chain);
      if (after !== undefined) found = found.where("job_run.id", "<", after);
      return found.execute();
    },
    async latestChain(project, cause) {
      const latest = query
        .selectFrom("job_run")
        .select("chain")
        .where("project", "=", project)
        .where("cause", "=", cause);
      return (await latest.orderBy("id", "desc").limit(1).executeTakeFirst())?.chain;
    },
    async lastRuns(jobIds) {
      if (jobIds.length === 0) return [];
      const latest = query
        .selectFrom("job_run")
        .select((run) => run.fn.max("id").as("id"))
        .where("job_id", "in", jobIds)
        .groupBy("job_id");
      return runs().where("job_run.id", "in", latest).execute();
    },
  };
}
