// What pages read, one function a resource; keys and freshness live here. No polling: live pages refetch when told to.
import { QueryCache, QueryClient, queryOptions } from "@tanstack/react-query";
import type { Deployment, Model, Page } from "../../../lib/contract/model.ts";
import type { PredictionSeries } from "../../../lib/contract/prediction.ts";
import { ApiError, getJson } from "./api.ts";
import { modelPath, newestDeploymentPath, seriesPath } from "./model-paths.ts";
import { markSession } from "./session.ts";
import type { TimeRange } from "./time-range.ts";

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
    queryFn: ({ signal }) => getJson<Model>(modelPath(name), signal),
  });
}

/** The deployment asked for last, which may not answer yet, or never will. */
export function newestDeploymentQuery(name: string) {
  return queryOptions({
    queryKey: ["newest-deployment", name],
    queryFn: async ({ signal }) => {
      const { items } = await getJson<Page<Deployment>>(newestDeploymentPath(name), signal);
      return items[0] ?? null;
    },
  });
}

export function seriesQuery(name: string, range: TimeRange) {
  return queryOptions({
    queryKey: ["series", name, range],
    queryFn: ({ signal }) => getJson<PredictionSeries>(seriesPath(name, range), signal),
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

function worthAnotherTry(failures: number, error: Error): boolean {
  const passing = !(error instanceof ApiError) || ["offline", "internal", "busy", "timeout"].includes(error.code);
  return passing && failures < 2;
}

function noticeEndedSession(error: Error): void {
  if (error instanceof ApiError && error.code === "unauthorized") markSession("ended");
}
