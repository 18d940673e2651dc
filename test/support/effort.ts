// How much a test that repeats itself repeats: a little every day (npm test), more in CI (.ci/run), all of it in npm run soak.
export type Effort = "everyday" | "ci" | "soak";

const efforts: readonly Effort[] = ["everyday", "ci", "soak"];

/** CELLWRIGHT_EFFORT. Default: everyday. */
export const effort: Effort = efforts.find((one) => one === process.env["CELLWRIGHT_EFFORT"]) ?? "everyday";

/** The count of this effort; CELLWRIGHT_KILLS names another for kills. */
export function killsOf(counts: Readonly<Record<Effort, number>>): number {
  return Number(process.env["CELLWRIGHT_KILLS"] ?? counts[effort]);
}

export function timesOf(counts: Readonly<Record<Effort, number>>): number {
  return counts[effort];
}
