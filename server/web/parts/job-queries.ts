// What the server says of jobs and their runs. Keys: `jobs`, `job`, `job-runs`, `job-run`, `job-cells`, `first-start`.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Job, JobCell, JobRun, JobRunStatus } from "../../../lib/contract/job.ts";
import type { Page } from "../../../lib/contract/model.ts";
import { getJson } from "./api.ts";
import { readAllPages } from "./queries.ts";

/** Runs that one read brings; "Show more" brings the next. */
const runsAtOnce = 25;

export interface JobRunFilter {
  readonly job?: string | undefined;
  readonly status?: JobRunStatus | undefined;
  readonly chain?: string | undefined;
}

export interface FirstStart {
  readonly state: "none" | "running" | "done" | "failed" | "offered";
  readonly chain?: string;
  readonly runs: readonly JobRun[];
}

export const jobsQuery = queryOptions({
  queryKey: ["jobs"],
  queryFn: ({ signal }) => readAllPages<Job>("/api/v2/jobs", signal),
});

export function jobQuery(name: string) {
  return queryOptions({
    queryKey: ["job", name],
    queryFn: ({ signal }) => getJson<Job>(`/api/v2/jobs/${encodeURIComponent(name)}`, signal),
  });
}

/** Latest first. */
export function jobRunsQuery(filter: JobRunFilter = {}, pageSize: number = runsAtOnce) {
  return infiniteQueryOptions({
    queryKey: ["job-runs", filter, pageSize],
    queryFn: ({ signal, pageParam }) => {
      const params = new URLSearchParams({ page_size: String(pageSize) });
      for (const [key, value] of Object.entries(filter)) if (value !== undefined) params.set(key, value);
      if (pageParam) params.set("page_token", pageParam);
      return getJson<Page<JobRun>>(`/api/v2/job-runs?${params}`, signal);
    },
    initialPageParam: "",
    getNextPageParam: ({ next_page_token }) => next_page_token,
  });
}

export function jobRunQuery(id: string) {
  return queryOptions({
    queryKey: ["job-run", id],
    queryFn: ({ signal }) => getJson<JobRun>(runPath(id), signal),
  });
}

export function jobCellsQuery(id: string) {
  return queryOptions({
    queryKey: ["job-cells", id],
    queryFn: async ({ signal }) => (await getJson<{ items: readonly JobCell[] }>(`${runPath(id)}/cells`, signal)).items,
  });
}

export const firstStartQuery = queryOptions({
  queryKey: ["first-start"],
  queryFn: ({ signal }) => getJson<FirstStart>("/api/v2/first-start", signal),
});

export function runPath(id: string): string {
  return `/api/v2/job-runs/${encodeURIComponent(id)}`;
}

export function jobPath(name: string): string {
  return `/api/v2/jobs/${encodeURIComponent(name)}`;
}
