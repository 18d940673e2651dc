// The steps of the first start: the runs there are, then the jobs that come after them and have none yet. Pure.
import type { Job, JobRun } from "../../../../lib/contract/job.ts";
import { hasEnded } from "../../parts/run-updates.ts";

export interface PipelineStep {
  readonly job: string;
  /** Absent while it waits for the steps before. */
  readonly run?: JobRun;
}

/** In the order they can run. */
export function pipelineSteps(runs: readonly JobRun[], jobs: readonly Job[]): PipelineStep[] {
  const latest = new Map<string, JobRun>();
  for (const run of runs) if ((latest.get(run.job)?.queuedAt ?? 0) <= run.queuedAt) latest.set(run.job, run);
  const steps: PipelineStep[] = [...latest.values()]
    .sort((a, b) => a.queuedAt - b.queuedAt)
    .map((run) => ({ job: run.job, run }));
  const named = new Set(steps.map(({ job }) => job));
  for (let grown = steps.length > 0; grown; ) {
    grown = false;
    for (const { name, after } of jobs) {
      if (named.has(name) || after.length === 0 || !after.every((before) => named.has(before))) continue;
      steps.push({ job: name });
      named.add(name);
      grown = true;
    }
  }
  return steps;
}

export interface PipelineSum {
  readonly done: number;
  readonly of: number;
  readonly failed: boolean;
  readonly startedAt: number | undefined;
  /** Absent while a step runs or waits. */
  readonly endedAt: number | undefined;
}

export function sumOfSteps(steps: readonly PipelineStep[]): PipelineSum {
  const runs = steps.flatMap(({ run }) => (run ? [run] : []));
  const done = runs.filter(({ status }) => status === "succeeded").length;
  const failed = runs.some(({ status }) => ["failed", "timed_out", "stopped"].includes(status));
  const over = runs.length > 0 && runs.every(hasEnded) && (failed || runs.length === steps.length);
  const starts = runs.flatMap(({ startedAt }) => (startedAt === undefined ? [] : [startedAt]));
  return {
    done,
    of: steps.length,
    failed,
    startedAt: starts.length > 0 ? Math.min(...starts) : undefined,
    endedAt: over ? Math.max(...runs.map(({ endedAt = 0 }) => endedAt)) : undefined,
  };
}
