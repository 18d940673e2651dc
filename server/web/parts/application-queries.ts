// What the server says of applications. Keys: `applications`, `application`.
import { queryOptions } from "@tanstack/react-query";
import type { Application } from "../../../lib/contract/application.ts";
import { getJson } from "./api.ts";
import { readAllPages } from "./queries.ts";

export const applicationsQuery = queryOptions({
  queryKey: ["applications"],
  queryFn: ({ signal }) => readAllPages<Application>("/api/v2/applications", signal),
});

export function applicationQuery(name: string) {
  return queryOptions({
    queryKey: ["application", name],
    queryFn: ({ signal }) => getJson<Application>(applicationPath(name), signal),
  });
}

export function applicationPath(name: string): string {
  return `/api/v2/applications/${encodeURIComponent(name)}`;
}
