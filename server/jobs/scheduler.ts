// The one loop that makes queued runs run. Woken by every change — a run queued, a process ended, a lease to renew — it reads what
// is active, lets plan() decide, does it, and asks again. Also how a restart goes on with what a killed server left.
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { JobFailure } from "../../lib/contract/job.ts";
import { messageOf } from "../errors.ts";
import type { Log } from "../log.ts";
import type { JobRunTable, JobTable } from "../storage/tables.ts";
import { timeOrderedUuid } from "../storage/time-ordered-uuid.ts";
import { commandOf } from "./command.ts";
import { settingsOf, toRun } from "./job-rows.ts";
import { endLeftovers } from "./leftovers.ts";
import type { JobEvents } from "./live-events.ts";
import { type Action, type ActiveRun, type Owner, plan } from "./plan.ts";
import { openRunLog, type RunLog } from "./run-log.ts";
import { type Outcome, type RunningJob, startRunningJob } from "./running-job.ts";
import { nextTime } from "./schedule.ts";
import type { JobStore, RunRow } from "./store.ts";
import type { Claim, RunProgressRow } from "./transactions.ts";

export interface SchedulerParts {
  readonly store: JobStore;
  readonly events: JobEvents;
  readonly project: string;
  readonly home: string;
  /** Folder of the runs' folders. */
  readonly folder: string;
  readonly bin: string;
  readonly watcher: string;
  readonly me: Owner;
  /** Processes at a time. */
  readonly atOnce: number;
  /** Ended runs kept of each job. */
  readonly keep: number;
  /** What a run's process gets to reach the server with, and what to do with it when the process has ended. */
  readonly environmentFor: (run: RunRow) => Promise<{ readonly env: NodeJS.ProcessEnv; release(): Promise<void> }>;
  readonly clock: () => number;
  readonly log: Log;
}

export interface Scheduler {
  /** Look again, now. */
  wake(): void;
  /** Of a run that has a process here: what is written down a little later. */
  progressOf(runId: string): RunProgressRow | undefined;
  /** Resolves when none of the runs is queued or running. */
  ended(runIds: readonly string[]): Promise<void>;
  /** Ends the processes in order; their runs are queued for the next start. */
  close(): Promise<void>;
}

const leaseMs = 15_000;
const renewEveryMs = 4000;
const noteEveryMs = 200;

const nothingYet: RunProgressRow = {
  cells: 0,
  ran: 0,
  current: null,
  cell_states: "[]",
  has_notebook: 0,
  log_bytes: 0,
};

export function createScheduler(parts: SchedulerParts): Scheduler {
  const { store, events, me, clock, log } = parts;
  const here = new Map<string, RunningJob | "starting">();
  const endings = new Set<Promise<void>>();
  const watchers = new Set<() => void>();
  let running: Promise<void> | undefined;
  let again = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let renewedAt = clock();
  const renewal = setInterval(() => void renew(), renewEveryMs);
  renewal.unref();

  function wake(): void {
    if (closed) return;
    again = true;
    running ??= run().finally(() => {
      running = undefined;
      if (again && !closed) wake();
    });
  }

  async function run(): Promise<void> {
    while (again && !closed) {
      again = false;
      try {
        await turn();
      } catch (error) {
        if (closed) return;
        log.error({ err: error }, "jobs could not be scheduled");
        lookAgain(clock() + 1000);
      }
      for (const look of watchers) look();
    }
  }

  async function turn(): Promise<void> {
    const known = new Set(here.keys()); // before the rows are read: what ends meanwhile is still known
    const [rows, scheduled] = await Promise.all([store.activeRuns(), store.scheduledJobs()]);
    const { actions, lookAgainAt } = plan({
      runs: rows.map(toActive),
      scheduled: scheduled.map(({ id, next_due }) => ({ id, nextDue: next_due! })),
      here: known,
      me,
      atOnce: parts.atOnce,
      now: clock(),
    });
    for (const action of actions) {
      if (closed) return;
      await perform(action, rows, scheduled);
    }
    if (actions.some(({ do: what }) => what === "fire" || what === "take-over")) again = true;
    lookAgain(lookAgainAt);
  }

  async function perform(action: Action, rows: readonly RunRow[], scheduled: readonly JobTable[]): Promise<void> {
    switch (action.do) {
      case "start":
        return start(rows.find(({ id }) => id === action.run)!);
      case "stop":
        return endHere(action.run, "stop");
      case "abandon":
        return endHere(action.run, "lost");
      case "take-over":
        return takeOver(rows.find(({ id }) => id === action.run)!);
      case "fire":
        return fire(scheduled.find(({ id }) => id === action.job)!, action.due);
    }
  }

  function endHere(id: string, reason: "stop" | "lost"): void {
    const job = here.get(id);
    if (job && job !== "starting") job.end(reason);
  }

  async function takeOver(row: RunRow): Promise<void> {
    if (row.owner === me && here.has(row.id)) return;
    await endLeftovers(row.id);
    const status = await store.requeueRun({ id: row.id, owner: row.owner, now: clock() });
    if (status === undefined) return;
    const runLog = openLog(row.id);
    runLog.write(status === "queued" ? "\n── interrupted by a restart; it starts again\n" : "\n── stopped\n");
    runLog.close();
    log.info({ run: row.id, job: row.job_name, status }, "job run taken over");
    await tell(row.id);
  }

  async function fire(job: JobTable, due: number): Promise<void> {
    const now = clock();
    const { schedule } = settingsOf(job);
    const id = timeOrderedUuid();
    const row = {
      ...{ id, job_id: job.id, chain: id, cause: "schedule", chained: 1, parameters: job.parameters },
      ...{ queued_at: now, project: job.project, created_by: job.created_by },
    };
    const status = await store.fireSchedule({ due, next: nextTime(schedule!, now), row });
    if (status !== undefined) await tell(id);
  }

  async function start(row: RunRow): Promise<void> {
    here.set(row.id, "starting");
    try {
      if (row.attempt > 1) await endLeftovers(row.id);
      const now = clock();
      const attempt = await store.claimRun({ id: row.id, owner: me, leaseUntil: now + leaseMs, now });
      if (attempt === undefined) return void here.delete(row.id);
      await tell(row.id);
      follow({ ...row, attempt }, begin({ ...row, attempt }));
    } catch (error) {
      here.delete(row.id);
      throw error;
    }
  }

  /** Keeps an attempt in hand until its end is written down. */
  function follow(row: RunRow, attempt: Promise<void>): void {
    const ending = attempt
      .catch((error: unknown) => {
        if (!closed) log.error({ err: error, run: row.id }, "a job run could not be written down");
      })
      .finally(() => {
        here.delete(row.id);
        endings.delete(ending);
        wake();
      });
    endings.add(ending);
  }

  async function begin(row: RunRow): Promise<void> {
    const claim: Claim = { id: row.id, attempt: row.attempt, owner: me };
    const runLog = openLog(row.id);
    try {
      if (row.attempt > 1) runLog.write(`── attempt ${row.attempt}\n`);
      const { outcome, progress } = await attemptOf(row, claim, runLog);
      await end(row, claim, outcome, progress, runLog);
    } finally {
      runLog.close();
    }
    await tell(row.id);
  }

  async function attemptOf(
    row: RunRow,
    claim: Claim,
    runLog: RunLog,
  ): Promise<{ outcome: Outcome; progress: RunProgressRow }> {
    let release = async (): Promise<void> => {};
    try {
      const job = settingsOf((await store.jobOfId(row.job_id))!);
      const { project, home, bin, watcher } = parts;
      const folder = join(parts.folder, row.id);
      const parameters = JSON.parse(row.parameters);
      const command = await commandOf({ job: { ...job, file: row.file }, parameters, project, home, folder, bin });
      const told = await parts.environmentFor(row);
      release = told.release;
      const note = noting(row, claim);
      const started = startRunningJob({
        command,
        env: { ...told.env, ...job.environment, ...ownOf(told.env) },
        watcher,
        log: runLog,
        timeoutSeconds: job.timeoutSeconds,
        clock,
        onCell: (cell) => events.cellChanged(row.id, cell),
        onProgress: () => note.changed(started),
      });
      here.set(row.id, started);
      if (closed) started.end("shutdown");
      log.info({ run: row.id, job: row.job_name, attempt: row.attempt, pid: started.pid }, "job run started");
      const outcome = await started.outcome;
      await note.done();
      return { outcome, progress: started.progress() };
    } catch (error) {
      const failure: JobFailure = { name: "NotStarted", message: messageOf(error) };
      runLog.write(`${failure.message}\n`);
      return { outcome: { status: "failed", failure }, progress: { ...nothingYet, log_bytes: runLog.bytes } };
    } finally {
      await release().catch((error: unknown) => log.warn({ err: error }, "a job run's key was not revoked"));
    }
  }

  /** Progress is written down and told now and then, not with every cell of a quick notebook. */
  function noting(row: RunRow, claim: Claim): { changed(job: RunningJob): void; done(): Promise<void> } {
    let waiting: NodeJS.Timeout | undefined;
    let written: Promise<void> = Promise.resolve();
    const write = async (job: RunningJob): Promise<void> => {
      await store.noteRun({ ...claim, progress: job.progress() });
      await tell(row.id);
    };
    return {
      changed(job) {
        waiting ??= setTimeout(() => {
          waiting = undefined;
          written = written
            .then(() => write(job))
            .catch((error: unknown) => {
              if (!closed) log.warn({ err: error, run: row.id }, "a job run's progress was not written down");
            });
        }, noteEveryMs);
      },
      async done() {
        clearTimeout(waiting);
        await written;
      },
    };
  }

  async function end(
    row: RunRow,
    claim: Claim,
    { status, failure }: Outcome,
    progress: RunProgressRow,
    runLog: RunLog,
  ): Promise<void> {
    const now = clock();
    if (status === "interrupted") {
      const next = await store.requeueRun({ id: row.id, owner: me, now });
      if (next === "queued") runLog.write("\n── interrupted by a restart; it starts again\n");
      log.info({ run: row.id, job: row.job_name }, "job run interrupted");
      return;
    }
    const text = failure ? JSON.stringify(failure) : null;
    const ended = await store.endRun({ ...claim, status, failure: text, progress, now });
    if (!ended) return;
    if (ended.dueAt !== null)
      runLog.write(`\n── ${status}; tried again in ${Math.round((ended.dueAt - now) / 1000)} s\n`);
    else runLog.write(`\n── ${status}\n`);
    if (ended.leftOut.length > 0) runLog.write(`── not run because of this: ${ended.leftOut.join(", ")}\n`);
    log.info({ run: row.id, job: row.job_name, status: ended.status, leftOut: ended.leftOut }, "job run ended");
    for (const id of ended.queued) await tell(id);
    await prune(row.job_id);
  }

  async function prune(jobId: string): Promise<void> {
    for (const id of await store.pruneRuns(jobId, parts.keep))
      rmSync(join(parts.folder, id), { recursive: true, force: true });
  }

  /** Another server's word is taken after a lease without word from here; so what is not renewed in time ends before that. */
  async function renew(): Promise<void> {
    const now = clock();
    const ids = [...here].filter(([, job]) => job !== "starting").map(([id]) => id);
    try {
      const ours = new Set(await store.renewRuns({ ids, owner: me, leaseUntil: now + leaseMs }));
      renewedAt = now;
      for (const id of ids) if (!ours.has(id) && here.has(id)) wake();
    } catch (error) {
      if (closed) return;
      log.warn({ err: error }, "leases of job runs were not renewed");
      if (clock() - renewedAt > leaseMs - renewEveryMs) for (const id of ids) endHere(id, "lost");
    }
    wake(); // also for what other servers have queued
  }

  async function tell(id: string): Promise<void> {
    const row = await store.findRun(id);
    if (row) events.runChanged(row.project, toRun(row));
  }

  function openLog(id: string): RunLog {
    const path = join(parts.folder, id, "run.log");
    return openRunLog({ path, onText: (text, at) => events.logged(id, text, at) });
  }

  function lookAgain(at: number): void {
    clearTimeout(timer);
    if (at === Number.POSITIVE_INFINITY || closed) return;
    timer = setTimeout(wake, Math.min(2 ** 31 - 1, Math.max(0, at - clock())));
    timer.unref();
  }

  return {
    wake,
    progressOf(id) {
      const job = here.get(id);
      return job === "starting" ? undefined : job?.progress();
    },
    ended(runIds) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          const active = store.activeRuns().then((rows) => rows.some(({ id }) => runIds.includes(id)));
          active.then((isActive) => {
            if (isActive && !closed) return;
            watchers.delete(look);
            resolve();
          }, reject);
        };
        watchers.add(look);
        wake();
      });
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      clearInterval(renewal);
      await running;
      for (const job of here.values()) if (job !== "starting") job.end("shutdown");
      await Promise.all(endings);
      for (const look of watchers) look();
    },
  };
}

function toActive(row: RunRow): ActiveRun {
  return {
    id: row.id,
    jobId: row.job_id,
    overlap: row.overlap as ActiveRun["overlap"],
    status: row.status as ActiveRun["status"],
    dueAt: row.due_at,
    owner: row.owner,
    leaseUntil: row.lease_until,
    stopRequested: (row as JobRunTable).stop_requested === 1,
  };
}

/** What a job's own environment must not say otherwise. */
function ownOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = ["URL", "TOKEN", "HOME", "PROJECT", "JOB_RUN", "JOB_CHAIN"].map((name) => `CELLWRIGHT_${name}`);
  return Object.fromEntries(names.map((name) => [name, env[name]]));
}
