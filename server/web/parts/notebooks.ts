// The project's notebooks, as the Jupyter contents API lists them: at the top and in `notebooks`.
import { queryOptions } from "@tanstack/react-query";
import { ApiError, getJson } from "./api.ts";

interface Entry {
  readonly path: string;
  readonly name: string;
  readonly type: "directory" | "file" | "notebook";
  readonly last_modified: string;
}

export interface Notebook {
  readonly path: string;
  readonly changedAt: number;
}

export const notebooksQuery = queryOptions({
  queryKey: ["notebooks"],
  queryFn: async ({ signal }): Promise<readonly Notebook[]> => {
    const top = await list("", signal);
    const folder = top.some(({ type, path }) => type === "directory" && path === "notebooks");
    const inside = folder ? await list("notebooks", signal) : [];
    return [...inside, ...top]
      .filter(({ type }) => type === "notebook")
      .map(({ path, last_modified }) => ({ path, changedAt: Date.parse(last_modified) }))
      .sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
  },
  staleTime: 60_000,
});

export function labHref(path: string): string {
  return `/lab/tree/${path.split("/").map(encodeURIComponent).join("/")}`;
}

async function list(path: string, signal: AbortSignal): Promise<readonly Entry[]> {
  try {
    return (await getJson<{ content: readonly Entry[] | null }>(`/api/contents/${path}`, signal)).content ?? [];
  } catch (error) {
    if (error instanceof ApiError && error.code === "not_found") return [];
    throw error;
  }
}
