// What pages read, one function a resource; keys and freshness live here. No polling: live pages refetch when told to.
import { QueryCache, QueryClient, queryOptions } from "@tanstack/react-query";
import type { Deployment, Model, Page } from "../../../lib/contract/model.ts";
import type { PredictionSeries } from "../../../lib/contract/prediction.ts";
import { ApiError, getJson } from "./api.ts";
import { markSession } from "./session.ts";
import { startOf, type TimeRange } from "./time-range.ts";

/** Points a plot asks for; the server downsamples beyond that and says so. */
const plotPoints = 1200;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: noticeEndedSession, onSuccess: () => markSession("open") }),
    defaultOptions: {
      queries: { retry: worthAnotherTry, networkMode: "always", refetchOnWindowFocus: false, staleTime: 5_000 },
      mutations: { networkMode: "always" },
    },
  });
}

export const modelsQuery = queryOptions({
  queryKey: ["models"],
  queryFn: ({ signal }) => readAllPages<Model>("/api/v2/models", signal),
});

export function modelQuery(name: string) {
  return queryOptions({
    queryKey: ["model", name],
    queryFn: ({ signal }) => getJson<Model>(`/api/v2/models/${encodeURIComponent(name)}`, signal),
  });
}

/** The deployment asked for last, which may not answer yet, or never will. */
export function newestDeploymentQuery(name: string) {
  return queryOptions({
    queryKey: ["newest-deployment", name],
    queryFn: async ({ signal }) => {
      const path = `/api/v2/models/${encodeURIComponent(name)}/deployments?page_size=1`;
      const { items } = await getJson<Page<Deployment>>(path, signal);
      return items[0] ?? null;
    },
  });
}

export function seriesQuery(name: string, range: TimeRange) {
  return queryOptions({
    queryKey: ["series", name, range],
    queryFn: ({ signal }) =>
      getJson<PredictionSeries>(`/api/v2/models/${encodeURIComponent(name)}/series?${rangeParams(range)}`, signal),
  });
}

/** Page after page: for lists that stay short, as models and jobs do; runs and calls are read by the page. */
export async function readAllPages<T>(path: string, signal: AbortSignal): Promise<readonly T[]> {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const page = await getJson<Page<T>>(`${path}${token ? `?page_token=${encodeURIComponent(token)}` : ""}`, signal);
    all.push(...page.items);
    token = page.next_page_token;
  } while (token);
  return all;
}

function rangeParams(range: TimeRange): URLSearchParams {
  const params = new URLSearchParams({ points: String(plotPoints) });
  const start = startOf(range);
  if (start !== undefined) params.set("start", String(start));
  if (range.kind === "between") params.set("end", String(range.end));
  return params;
}

function worthAnotherTry(failures: number, error: Error): boolean {
  const passing = !(error instanceof ApiError) || ["offline", "internal", "busy", "timeout"].includes(error.code);
  return passing && failures < 2;
}

function noticeEndedSession(error: Error): void {
  if (error instanceof ApiError && error.code === "unauthorized") markSession("ended");
}
