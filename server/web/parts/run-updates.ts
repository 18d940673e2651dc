// What the news of a run changes in what is already shown. Pure: lists and a run in, lists out; the same list when nothing changed.
import type { Job, JobCell, JobRun } from "../../../lib/contract/job.ts";
import type { Page } from "../../../lib/contract/model.ts";
import type { FirstStart, JobRunFilter } from "./job-queries.ts";

export interface RunPages {
  readonly pages: readonly Page<JobRun>[];
  readonly pageParams: readonly unknown[];
}

/** A run on the pages is replaced; one that fits the filter and is newer than all of them comes first. */
export function withRun<T extends RunPages>(list: T, filter: JobRunFilter, run: JobRun): T {
  const shown = list.pages.some(({ items }) => items.some(({ id }) => id === run.id));
  if (shown) {
    const fits = fitsFilter(run, filter);
    const pages = list.pages.map((page) => ({
      ...page,
      items: page.items.flatMap((item) => (item.id !== run.id ? [item] : fits ? [run] : [])),
    }));
    return { ...list, pages };
  }
  const [first, ...rest] = list.pages;
  if (!first || !fitsFilter(run, filter) || run.queuedAt < (first.items[0]?.queuedAt ?? 0)) return list;
  return { ...list, pages: [{ ...first, items: [run, ...first.items] }, ...rest] };
}

export function jobsWithRun(jobs: readonly Job[], run: JobRun): readonly Job[] {
  return jobs.map((job) => (job.name === run.job && isLatest(job, run) ? { ...job, lastRun: run } : job));
}

export function isLatest({ lastRun }: Job, run: JobRun): boolean {
  return !lastRun || lastRun.id === run.id || run.queuedAt >= lastRun.queuedAt;
}

export function firstStartWithRun(start: FirstStart, run: JobRun): FirstStart {
  return { ...start, runs: start.runs.map((shown) => (shown.id === run.id ? run : shown)) };
}

export function withCell(cells: readonly JobCell[], cell: JobCell): readonly JobCell[] {
  const known = cells.some(({ position }) => position === cell.position);
  if (known) return cells.map((shown) => (shown.position === cell.position ? cell : shown));
  return [...cells, cell].sort((a, b) => a.position - b.position);
}

export function hasEnded({ status }: Pick<JobRun, "status">): boolean {
  return status !== "queued" && status !== "running";
}

function fitsFilter(run: JobRun, { job, status, chain }: JobRunFilter): boolean {
  return (job ?? run.job) === run.job && (status ?? run.status) === run.status && (chain ?? run.chain) === run.chain;
}
