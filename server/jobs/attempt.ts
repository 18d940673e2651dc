// One attempt of a run: its process from the start to the end that is written down, with its log, its progress and what follows from
// its outcome. Knows no queue; which run is next is the scheduler's.
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { JobFailure } from "../../lib/contract/job.ts";
import { messageOf } from "../errors.ts";
import type { Log } from "../log.ts";
import { commandOf } from "./command.ts";
import { settingsOf } from "./job-rows.ts";
import type { JobEvents } from "./live-events.ts";
import type { Owner } from "./plan.ts";
import { openRunLog, type RunLog } from "./run-log.ts";
import { type Outcome, type RunningJob, startRunningJob } from "./running-job.ts";
import type { JobStore, RunRow } from "./store.ts";
import type { Claim, RunProgressRow } from "./transactions.ts";

export interface AttemptParts {
  readonly store: JobStore;
  readonly events: JobEvents;
  readonly project: string;
  readonly home: string;
  /** Folder of the runs' folders. */
  readonly folder: string;
  readonly bin: string;
  readonly watcher: string;
  readonly me: Owner;
  /** Ended runs kept of each job. */
  readonly keep: number;
  /** What a run's process gets to reach the server with, and what to do with it when the process has ended. */
  readonly environmentFor: (run: RunRow) => Promise<{ readonly env: NodeJS.ProcessEnv; release(): Promise<void> }>;
  readonly clock: () => number;
  readonly log: Log;
  /** Runs in hand, by id; an attempt puts its process there. */
  readonly here: Map<string, RunningJob | "starting">;
  /** To those who follow the run: how it is now. */
  readonly tell: (runId: string) => Promise<void>;
  /** The server ends. */
  readonly isClosed: () => boolean;
}

export interface Attempts {
  /** Resolves when the attempt's end is written down. @param run claimed for us */
  make(run: RunRow): Promise<void>;
  openLog(runId: string): RunLog;
}

const noteEveryMs = 200;

const nothingYet: RunProgressRow = {
  cells: 0,
  ran: 0,
  current: null,
  cell_states: "[]",
  has_notebook: 0,
  log_bytes: 0,
};

export function createAttempts(parts: AttemptParts): Attempts {
  const { store, events, me, clock, log, here, tell, isClosed } = parts;

  async function make(row: RunRow): Promise<void> {
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
      if (isClosed()) started.end("shutdown");
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
              if (!isClosed()) log.warn({ err: error, run: row.id }, "a job run's progress was not written down");
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

  function openLog(id: string): RunLog {
    const path = join(parts.folder, id, "run.log");
    return openRunLog({ path, onText: (text, at) => events.logged(id, text, at) });
  }

  return { make, openLog };
}

/** What a job's own environment must not say otherwise. */
function ownOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = ["URL", "TOKEN", "HOME", "PROJECT", "JOB_RUN", "JOB_CHAIN"].map((name) => `CELLWRIGHT_${name}`);
  return Object.fromEntries(names.map((name) => [name, env[name]]));
}
