// What the page of jobs is set to, as its address keeps it: which jobs, in which order, and whether a new one is being made.
export const jobSorts = ["name", "last", "next"] as const;
export type JobSort = (typeof jobSorts)[number];

export interface JobsSearch {
  /** Part of a name, file or description. */
  readonly find?: string;
  /** Default: by name. */
  readonly sort?: JobSort;
  readonly down?: boolean;
  /** The dialog for a new job is open. */
  readonly create?: boolean;
}

/** Drops what means nothing, so that a wrong address still shows a page. */
export function parseJobsSearch({ find, sort, down, create }: { readonly [key: string]: unknown }): JobsSearch {
  return {
    ...(find !== undefined && find !== "" ? { find: String(find) } : {}),
    ...(jobSorts.includes(sort as JobSort) && sort !== "name" ? { sort: sort as JobSort } : {}),
    ...(down === true ? { down } : {}),
    ...(create === true ? { create } : {}),
  };
}
