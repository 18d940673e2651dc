// Which jobs the table shows, and in which order. Pure.
import type { Job } from "../../../../lib/contract/job.ts";
import type { JobSort, JobsSearch } from "../../parts/jobs-search.ts";

export function shownJobs(jobs: readonly Job[], { find = "", sort = "name", down = false }: JobsSearch): Job[] {
  const words = find.toLowerCase();
  const found = jobs.filter(({ name, file, description }) =>
    `${name} ${file} ${description}`.toLowerCase().includes(words),
  );
  const ordered = found.sort((a, b) => compare[sort](a, b) || a.name.localeCompare(b.name, "en", { numeric: true }));
  return down ? ordered.reverse() : ordered;
}

/** Up: names from a, what ran last first, what is due next first. */
const compare: Readonly<Record<JobSort, (a: Job, b: Job) => number>> = {
  name: (a, b) => a.name.localeCompare(b.name, "en", { numeric: true }),
  last: (a, b) => (b.lastRun?.queuedAt ?? 0) - (a.lastRun?.queuedAt ?? 0),
  next: (a, b) => (a.nextRunAt ?? Number.MAX_SAFE_INTEGER) - (b.nextRunAt ?? Number.MAX_SAFE_INTEGER),
};
