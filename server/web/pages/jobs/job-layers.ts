// Where dependent jobs stand in the drawing: a job right of all it comes after. Pure.
import type { Job } from "../../../../lib/contract/job.ts";

export interface PlacedJob {
  readonly name: string;
  readonly column: number;
  readonly row: number;
}

export interface JobLayers {
  readonly placed: readonly PlacedJob[];
  readonly edges: readonly { readonly from: PlacedJob; readonly to: PlacedJob }[];
  readonly columns: number;
  readonly rows: number;
}

/** Of the jobs that depend on another or are depended on; the others are left out. */
export function layJobs(jobs: readonly Pick<Job, "name" | "after">[]): JobLayers {
  const before = new Map(
    jobs.map(({ name, after }) => [name, after.filter((other) => jobs.some((j) => j.name === other))]),
  );
  const linked = jobs.filter(
    ({ name }) => before.get(name)!.length > 0 || [...before.values()].some((a) => a.includes(name)),
  );
  const columnOf = new Map<string, number>();

  function column(name: string, seen: readonly string[]): number {
    const known = columnOf.get(name);
    if (known !== undefined) return known;
    if (seen.includes(name)) return 0; // a circle, which the server refuses
    const found = Math.max(-1, ...before.get(name)!.map((other) => column(other, [...seen, name]))) + 1;
    columnOf.set(name, found);
    return found;
  }

  const filled: number[] = [];
  const placed = linked
    .map(({ name }) => ({ name, column: column(name, []) }))
    .sort((a, b) => a.column - b.column || a.name.localeCompare(b.name, "en", { numeric: true }))
    .map(({ name, column: at }) => {
      const row = filled[at] ?? 0;
      filled[at] = row + 1;
      return { name, column: at, row };
    });
  const byName = new Map(placed.map((job) => [job.name, job]));
  const edges = placed.flatMap((to) => before.get(to.name)!.map((from) => ({ from: byName.get(from)!, to })));
  return { placed, edges, columns: filled.length, rows: Math.max(0, ...filled.map((rows) => rows ?? 0)) };
}
