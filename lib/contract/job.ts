// Jobs and their runs, as `/api/v2` speaks of them. A job is a notebook or script that runs as a process; a run is one time of it.
import { z } from "zod";
import type { JsonValue } from "./signature.ts";

export const jobName: z.ZodString = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, "expected lower-case letters, digits, dot, dash or underscore, at most 63");

const jsonValue = z.json() as z.ZodType<JsonValue>;

export const schedule = z.strictObject({
  /** Five fields: minute, hour, day of month, month, day of week. */
  cron: z.string().min(1).max(200),
  /** IANA name: `Europe/Berlin`. */
  timeZone: z.string().min(1).default("UTC"),
});
export type Schedule = z.infer<typeof schedule>;

const jobFields = {
  description: z.string().max(2000),
  /** `.ipynb`, `.ts`, `.mjs` or `.js`, from the project's folder. */
  file: z.string().min(1).max(1000),
  /** Of a notebook: variables of its cell tagged `parameters`. */
  parameters: z.record(z.string(), jsonValue),
  /** Of a script. */
  arguments: z.array(z.string().max(10_000)).max(100),
  environment: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string().max(10_000)),
  kernel: z.enum(["cellwright", "cellwright-run", "tslab"]),
  /** For one attempt; null: none. */
  timeoutSeconds: z.number().positive().max(604_800).nullable(),
  /** After a failure; an interruption of ours (a restart of the server) does not count. */
  retries: z.int().min(0).max(20),
  /** Before the first retry; doubles with each. */
  retryDelaySeconds: z.number().min(0).max(86_400),
  /** What happens when a run is asked for while one is queued or running. */
  overlap: z.enum(["queue", "skip", "parallel"]),
  /** null: none. */
  schedule: schedule.nullable(),
  /** Names of jobs that must have succeeded first, in the same chain of runs. */
  after: z.array(jobName).max(50),
};

export const newJob = z.strictObject({
  name: jobName,
  file: jobFields.file,
  description: jobFields.description.default(""),
  parameters: jobFields.parameters.default({}),
  arguments: jobFields.arguments.default([]),
  environment: jobFields.environment.default({}),
  kernel: jobFields.kernel.default("cellwright"),
  timeoutSeconds: jobFields.timeoutSeconds.default(null),
  retries: jobFields.retries.default(0),
  retryDelaySeconds: jobFields.retryDelaySeconds.default(10),
  overlap: jobFields.overlap.default("queue"),
  schedule: jobFields.schedule.default(null),
  after: jobFields.after.default([]),
});
export type NewJob = z.input<typeof newJob>;

/** What is left out stays as it is. */
export const jobChange = z.strictObject(jobFields).partial();
export type JobChange = z.input<typeof jobChange>;

export const jobRunStatus = z.enum(["queued", "running", "succeeded", "failed", "timed_out", "stopped", "skipped"]);
export type JobRunStatus = z.infer<typeof jobRunStatus>;

export interface Job extends Required<z.output<typeof newJob>> {
  readonly id: string;
  readonly crn: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** By its schedule; absent without one. */
  readonly nextRunAt?: number;
  readonly lastRun?: JobRun;
}

export const newJobRun = z.strictObject({
  /** Over the job's own. */
  parameters: jobFields.parameters.default({}),
  /** Runs those that come after it, too. Default yes. */
  chain: z.boolean().default(true),
});
export type NewJobRun = z.input<typeof newJobRun>;

/** One cell's progress, for the page of a run. */
export interface JobCell {
  /** Position among the code cells that run, from 1. */
  readonly position: number;
  readonly id: string;
  readonly firstLine: string;
  readonly status: "waiting" | "running" | "ok" | "failed" | "timed-out" | "died" | "cancelled";
  readonly startedAt?: number;
  readonly ms?: number;
}

export interface JobFailure {
  /** `cell 4 of 12 (fit)`; absent when no cell is to blame. */
  readonly cell?: string;
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly traceback?: readonly string[];
}

export interface JobRun {
  readonly id: string;
  readonly crn: string;
  /** The job's name. */
  readonly job: string;
  readonly file: string;
  /** Runs that follow one another by `after` share it. */
  readonly chain: string;
  readonly cause: "manual" | "schedule" | "after" | "retry" | "first-start";
  readonly status: JobRunStatus;
  /** From 1. */
  readonly attempt: number;
  readonly parameters: { readonly [name: string]: JsonValue };
  readonly queuedAt: number;
  /** A retry or a schedule may say when it is due. */
  readonly dueAt?: number;
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** Code cells of the notebook, how many ran through, and the one under way. */
  readonly cells: number;
  readonly ran: number;
  readonly current?: { readonly position: number; readonly firstLine: string };
  readonly failure?: JobFailure;
  /** An executed notebook is kept: `/job-runs/ID/notebook`, `/job-runs/ID/html`. */
  readonly notebook: boolean;
  readonly logBytes: number;
}

/** What `/job-runs/events` (all runs) and `/job-runs/ID/events` (one, with cells and log) push. */
export type JobEvent =
  | { readonly type: "run"; readonly run: JobRun }
  | { readonly type: "cell"; readonly run: string; readonly cell: JobCell }
  /** `end`: bytes of the log up to here. */
  | { readonly type: "log"; readonly run: string; readonly text: string; readonly end: number };
