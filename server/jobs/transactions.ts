// What jobs and their runs write. Runs in the writer thread; each is all or nothing, and each step of a run is taken only from
// the state it expects, so that of two servers one takes it.
import type { Kysely } from "kysely";
import type { JobRunTable, JobTable, Tables } from "../storage/tables.ts";
import { timeOrderedUuid } from "../storage/time-ordered-uuid.ts";
import type { Transactions } from "../storage/transaction.ts";
import { allAfter, readyAfter } from "./dependencies.ts";
import { retryDelayMs } from "./plan.ts";

type Tx = Kysely<Tables>;

export type NewRunRow = Pick<
  JobRunTable,
  "id" | "job_id" | "chain" | "cause" | "chained" | "parameters" | "queued_at" | "project" | "created_by"
>;

/** Which attempt of a run a server speaks of. */
export interface Claim {
  readonly id: string;
  readonly attempt: number;
  readonly owner: string;
}

export interface RunProgressRow {
  readonly cells: number;
  readonly ran: number;
  readonly current: string | null;
  readonly cell_states: string;
  readonly has_notebook: number;
  readonly log_bytes: number;
}

export interface EndRunArguments extends Claim {
  readonly status: "succeeded" | "failed" | "timed_out" | "stopped";
  readonly failure: string | null;
  readonly progress: RunProgressRow;
  readonly now: number;
}

export interface EndedRun {
  /** Queued: it will be tried again. */
  readonly status: string;
  readonly dueAt: number | null;
  /** Ids of the runs that were queued because of it. */
  readonly queued: readonly string[];
  /** Names of the jobs that this end leaves not run. */
  readonly leftOut: readonly string[];
}

export const transactions = {
  /** False when the project has a job of this name. */
  "insert-job": async (tx: Tx, row: JobTable): Promise<boolean> => {
    const insert = tx.insertInto("job").values(row);
    const made = insert.onConflict((on) => on.columns(["project", "name"]).doNothing()).returning("id");
    return (await made.executeTakeFirst()) !== undefined;
  },

  "update-job": async (tx: Tx, { id, changes }: { id: string; changes: Partial<JobTable> }): Promise<void> => {
    await tx.updateTable("job").set(changes).where("id", "=", id).execute();
  },

  /** The ids of its runs, or undefined when one of them has not ended. */
  "delete-job": async (tx: Tx, { id }: { id: string }): Promise<string[] | undefined> => {
    const runs = await tx.selectFrom("job_run").select(["id", "status"]).where("job_id", "=", id).execute();
    if (runs.some(({ status }) => status === "queued" || status === "running")) return undefined;
    await tx.deleteFrom("job_run").where("job_id", "=", id).execute();
    await tx.deleteFrom("job").where("id", "=", id).execute();
    return runs.map((run) => run.id);
  },

  /** The run's status: queued, or skipped where the job wants no second one. Undefined: the job is gone. */
  "queue-run": (tx: Tx, row: NewRunRow): Promise<string | undefined> => queueRun(tx, row),

  /** The schedule's time has come: one run, and the next time. Undefined when another server was first. */
  "fire-schedule": async (
    tx: Tx,
    { due, next, row }: { due: number; next: number; row: NewRunRow },
  ): Promise<string | undefined> => {
    const fired = await tx
      .updateTable("job")
      .set({ next_due: next })
      .where("id", "=", row.job_id)
      .where("next_due", "=", due)
      .returning("id")
      .executeTakeFirst();
    return fired && queueRun(tx, row);
  },

  /** Its attempt, when the run is this server's from here on. */
  "claim-run": async (
    tx: Tx,
    { id, owner, leaseUntil, now }: { id: string; owner: string; leaseUntil: number; now: number },
  ): Promise<number | undefined> => {
    const run = await tx
      .selectFrom("job_run")
      .innerJoin("job", "job.id", "job_run.job_id")
      .select(["job_run.attempt", "job_run.job_id", "job.overlap"])
      .where("job_run.id", "=", id)
      .where("job_run.status", "=", "queued")
      .executeTakeFirst();
    if (!run) return undefined;
    if (run.overlap !== "parallel" && (await isActive(tx, run.job_id, ["running"]))) return undefined;
    await tx
      .updateTable("job_run")
      .set({ status: "running", owner, lease_until: leaseUntil, started_at: now, ended_at: null, due_at: null })
      .set({ cells: 0, ran: 0, current: null, cell_states: "[]", failure: null, has_notebook: 0 })
      .where("id", "=", id)
      .execute();
    return run.attempt;
  },

  /** Those of the runs that are still this server's. */
  "renew-runs": async (
    tx: Tx,
    { ids, owner, leaseUntil }: { ids: readonly string[]; owner: string; leaseUntil: number },
  ): Promise<string[]> => {
    if (ids.length === 0) return [];
    const renewed = await tx
      .updateTable("job_run")
      .set({ lease_until: leaseUntil })
      .where("id", "in", ids)
      .where("owner", "=", owner)
      .where("status", "=", "running")
      .returning("id")
      .execute();
    return renewed.map(({ id }) => id);
  },

  "note-run": async (tx: Tx, { progress, ...claim }: Claim & { progress: RunProgressRow }): Promise<void> => {
    await ofClaim(tx, claim).set(progress).execute();
  },

  /** The one outcome of a run, or its next attempt; undefined when the run is not this server's any more. */
  "end-run": async (tx: Tx, args: EndRunArguments): Promise<EndedRun | undefined> => {
    const { id, attempt, status, failure, progress, now } = args;
    const run = await tx
      .selectFrom("job_run")
      .innerJoin("job", "job.id", "job_run.job_id")
      .selectAll("job_run")
      .select(["job.name", "job.retries", "job.retry_delay_seconds"])
      .where("job_run.id", "=", id)
      .executeTakeFirst();
    if (run?.status !== "running" || run.attempt !== attempt || run.owner !== args.owner) return undefined;
    const isTriedAgain = (status === "failed" || status === "timed_out") && run.retries_used < run.retries;
    if (isTriedAgain && !run.stop_requested) {
      const dueAt = now + retryDelayMs(run.retry_delay_seconds, run.retries_used);
      const again = { status: "queued", attempt: attempt + 1, retries_used: run.retries_used + 1, due_at: dueAt };
      const free = { owner: null, lease_until: null, failure, ...progress, current: null };
      await tx
        .updateTable("job_run")
        .set({ ...again, ...free })
        .where("id", "=", id)
        .execute();
      return { status: "queued", dueAt, queued: [], leftOut: [] };
    }
    const final = { status, failure, ended_at: now, owner: null, lease_until: null, ...progress, current: null };
    await tx.updateTable("job_run").set(final).where("id", "=", id).execute();
    const next = run.chained ? await nextOf(tx, { ...run, status }, now) : { queued: [], leftOut: [] };
    return { status, dueAt: null, ...next };
  },

  /** Its server is gone, or goes: queued again as it was, not counted as a retry. The new status; undefined: it had ended. */
  "requeue-run": async (
    tx: Tx,
    { id, owner, now }: { id: string; owner: string | null; now: number },
  ): Promise<string | undefined> => {
    const run = await tx.selectFrom("job_run").selectAll().where("id", "=", id).executeTakeFirst();
    if (run?.status !== "running" || run.owner !== owner) return undefined;
    const free = { owner: null, lease_until: null, current: null };
    const next = run.stop_requested
      ? { status: "stopped", ended_at: now, ...free }
      : { status: "queued", attempt: run.attempt + 1, due_at: null, ...free };
    await tx.updateTable("job_run").set(next).where("id", "=", id).execute();
    return next.status;
  },

  /** What is queued is stopped; what runs is asked to. The status after it. */
  "stop-run": async (tx: Tx, { id, now }: { id: string; now: number }): Promise<string | undefined> => {
    const run = await tx.selectFrom("job_run").select("status").where("id", "=", id).executeTakeFirst();
    const stopped = { status: "stopped", ended_at: now, due_at: null, stop_requested: 1 };
    const asked = { stop_requested: 1 };
    if (run?.status === "queued" || run?.status === "running") {
      const change = run.status === "queued" ? stopped : asked;
      await tx.updateTable("job_run").set(change).where("id", "=", id).execute();
    }
    return run?.status === "queued" ? "stopped" : run?.status;
  },

  /** Forgets the oldest ended runs of a job beyond the newest `keep`; their ids. */
  "prune-runs": async (tx: Tx, { jobId, keep }: { jobId: string; keep: number }): Promise<string[]> => {
    const old = await tx
      .selectFrom("job_run")
      .select("id")
      .where("job_id", "=", jobId)
      .where("status", "not in", ["queued", "running"])
      .orderBy("id", "desc")
      .limit(100_000)
      .offset(keep)
      .execute();
    const ids = old.map(({ id }) => id);
    if (ids.length > 0) await tx.deleteFrom("job_run").where("id", "in", ids).execute();
    return ids;
  },
} satisfies Transactions;

async function queueRun(tx: Tx, row: NewRunRow): Promise<string | undefined> {
  const job = await tx.selectFrom("job").select(["file", "overlap"]).where("id", "=", row.job_id).executeTakeFirst();
  if (!job) return undefined;
  const { turn } = await tx
    .selectFrom("job_run")
    .select((run) => run.fn.max("turn").as("turn"))
    .where("chain", "=", row.chain)
    .where("job_id", "=", row.job_id)
    .executeTakeFirstOrThrow();
  const isSkipped = job.overlap === "skip" && (await isActive(tx, row.job_id, ["queued", "running"]));
  const status = isSkipped ? "skipped" : "queued";
  const whole = wholeRow(row, { file: job.file, turn: Number(turn ?? 0) + 1, status });
  await tx.insertInto("job_run").values(whole).execute();
  return status;
}

async function isActive(tx: Tx, jobId: string, statuses: readonly string[]): Promise<boolean> {
  const found = tx.selectFrom("job_run").select("id").where("job_id", "=", jobId).where("status", "in", statuses);
  return (await found.limit(1).executeTakeFirst()) !== undefined;
}

function wholeRow(
  row: NewRunRow,
  { file, turn, status }: { readonly file: string; readonly turn: number; readonly status: string },
): JobRunTable {
  return {
    ...row,
    crn: `crn:cellwright:ml:::workspace:${row.project}/job-run/${row.id}`,
    file,
    turn,
    status,
    attempt: 1,
    retries_used: 0,
    due_at: null,
    started_at: null,
    ended_at: status === "skipped" ? row.queued_at : null,
    stop_requested: 0,
    cells: 0,
    ran: 0,
    current: null,
    failure: null,
    cell_states: "[]",
    has_notebook: 0,
    log_bytes: 0,
    owner: null,
    lease_until: null,
  };
}

/** Those that come after a run that has ended: queued once each in the chain when all before them have succeeded. */
async function nextOf(
  tx: Tx,
  run: JobRunTable & { readonly name: string },
  now: number,
): Promise<Pick<EndedRun, "queued" | "leftOut">> {
  const rows = await tx.selectFrom("job").selectAll().where("project", "=", run.project).execute();
  const jobs = rows.map((row) => ({ ...row, after: JSON.parse(row.after_jobs) as string[] }));
  if (run.status !== "succeeded") return { queued: [], leftOut: allAfter(run.name, jobs) };
  const done = await tx
    .selectFrom("job_run")
    .innerJoin("job", "job.id", "job_run.job_id")
    .select("job.name")
    .where("job_run.chain", "=", run.chain)
    .where("job_run.status", "=", "succeeded")
    .execute();
  const queued: string[] = [];
  for (const name of readyAfter(run.name, jobs, new Set(done.map((row) => row.name)))) {
    const job = jobs.find((row) => row.name === name)!;
    const { chain, project, created_by } = run;
    const its = { id: timeOrderedUuid(), job_id: job.id, chain, chained: 1, cause: "after", queued_at: now };
    const row = { ...its, parameters: job.parameters, project, created_by };
    const isSkipped = job.overlap === "skip" && (await isActive(tx, job.id, ["queued", "running"]));
    const whole = wholeRow(row, { file: job.file, turn: 1, status: isSkipped ? "skipped" : "queued" });
    const insert = tx.insertInto("job_run").values(whole);
    const made = insert.onConflict((on) => on.columns(["chain", "job_id", "turn"]).doNothing()).returning("id");
    if (await made.executeTakeFirst()) queued.push(its.id);
  }
  return { queued, leftOut: [] };
}

function ofClaim(tx: Tx, { id, attempt, owner }: Claim) {
  return tx
    .updateTable("job_run")
    .where("id", "=", id)
    .where("attempt", "=", attempt)
    .where("owner", "=", owner)
    .where("status", "=", "running");
}
