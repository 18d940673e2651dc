// What to do so that queued runs run, one process each, no more than there is room for. Pure: rows and what runs here in,
// actions out; the scheduler does them and asks again.
import type { Job } from "../../lib/contract/job.ts";

/** A run that is queued or running, as the store has it. */
export interface ActiveRun {
  /** Time-ordered: a later run has the greater id. */
  readonly id: string;
  readonly jobId: string;
  readonly overlap: Job["overlap"];
  readonly status: "queued" | "running";
  readonly dueAt: number | null;
  readonly owner: string | null;
  readonly leaseUntil: number | null;
  readonly stopRequested: boolean;
}

/** A job with a schedule. */
export interface ScheduledJob {
  readonly id: string;
  readonly nextDue: number;
}

/** `place/instance`: a home has one server at a time, so another instance of the same place is gone. */
export type Owner = `${string}/${string}`;

export interface Situation {
  readonly runs: readonly ActiveRun[];
  readonly scheduled: readonly ScheduledJob[];
  /** Runs with a process of this server's; also those about to get one, or about to be written down as ended. */
  readonly here: ReadonlySet<string>;
  readonly me: Owner;
  /** Processes this server may have at a time. */
  readonly atOnce: number;
  readonly now: number;
}

export type Action =
  | { readonly do: "start"; readonly run: string }
  /** Its server is gone: to be queued again. */
  | { readonly do: "take-over"; readonly run: string; readonly owner: string | null }
  /** Somebody asked for its end. */
  | { readonly do: "stop"; readonly run: string }
  /** A process here whose run is another server's by now, or gone. */
  | { readonly do: "abandon"; readonly run: string }
  | { readonly do: "fire"; readonly job: string; readonly due: number };

export interface Plan {
  readonly actions: readonly Action[];
  /** Milliseconds since 1970 when to look again though nothing happens; Infinity for never. */
  readonly lookAgainAt: number;
}

export function plan(situation: Situation): Plan {
  const { runs, scheduled, here, me, atOnce, now } = situation;
  const actions: Action[] = [];
  const times: number[] = [];
  for (const { id, nextDue } of scheduled)
    if (nextDue <= now) actions.push({ do: "fire", job: id, due: nextDue });
    else times.push(nextDue);

  const running = runs.filter(({ status }) => status === "running");
  for (const run of running) {
    if (here.has(run.id) && run.owner === me) {
      if (run.stopRequested) actions.push({ do: "stop", run: run.id });
    } else if (isGone(run, me, now)) actions.push({ do: "take-over", run: run.id, owner: run.owner });
    else if (run.leaseUntil !== null) times.push(run.leaseUntil);
  }
  const mine = new Set(running.filter(({ owner }) => owner === me).map(({ id }) => id));
  const queuedHere = new Set(runs.filter(({ status }) => status === "queued").map(({ id }) => id));
  for (const id of here) if (!mine.has(id) && !queuedHere.has(id)) actions.push({ do: "abandon", run: id });

  let room = atOnce - here.size;
  const busy = new Set(running.map(({ jobId }) => jobId));
  const queued = runs.filter(({ status, id }) => status === "queued" && !here.has(id));
  for (const run of [...queued].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (run.dueAt !== null && run.dueAt > now) {
      times.push(run.dueAt);
      continue;
    }
    const mustWait = run.overlap !== "parallel" && busy.has(run.jobId);
    if (mustWait || room <= 0) continue;
    actions.push({ do: "start", run: run.id });
    busy.add(run.jobId);
    room--;
  }
  return { actions, lookAgainAt: Math.min(Number.POSITIVE_INFINITY, ...times) };
}

function isGone({ owner, leaseUntil }: ActiveRun, me: Owner, now: number): boolean {
  if (owner === null || owner === me) return true; // ours, and no process here has it
  return placeOf(owner) === placeOf(me) || leaseUntil === null || leaseUntil <= now;
}

function placeOf(owner: string): string {
  return owner.slice(0, owner.lastIndexOf("/"));
}

/** How long a retry waits: the job's delay, doubled with each. */
export function retryDelayMs(retryDelaySeconds: number, retriesUsed: number): number {
  return Math.min(86_400_000, 1000 * retryDelaySeconds * 2 ** retriesUsed);
}
