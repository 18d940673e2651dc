// The one loop that makes queued runs run. Woken by every change — a run queued, a process ended, a lease to renew — it reads what
// is active, lets plan() decide, does it, and asks again. Also how a restart goes on with what a killed server left.
import type { JobRunTable, JobTable } from "../storage/tables.ts";
import { timeOrderedUuid } from "../storage/time-ordered-uuid.ts";
import { type AttemptParts, createAttempts } from "./attempt.ts";
import { settingsOf, toRun } from "./job-rows.ts";
import { endLeftovers } from "./leftovers.ts";
import { type Action, type ActiveRun, plan } from "./plan.ts";
import type { RunningJob } from "./running-job.ts";
import { nextTime } from "./schedule.ts";
import type { RunRow } from "./store.ts";
import type { RunProgressRow } from "./transactions.ts";

export interface SchedulerParts extends Omit<AttemptParts, "here" | "tell" | "isClosed"> {
  /** Processes at a time. */
  readonly atOnce: number;
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
  const attempts = createAttempts({ ...parts, here, tell, isClosed: () => closed });
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
    const runLog = attempts.openLog(row.id);
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
      follow({ ...row, attempt }, attempts.make({ ...row, attempt }));
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
