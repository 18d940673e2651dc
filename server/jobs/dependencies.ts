// Which jobs come after which: no circle, every name known, and what is next when one has ended. Pure.
export interface JobAfter {
  readonly name: string;
  readonly after: readonly string[];
}

/** A name in `after` that no job has. */
export function unknownJob({ after }: JobAfter, known: ReadonlySet<string>): string | undefined {
  return after.find((name) => !known.has(name));
}

/** The circle that a job closes, from its name to its name; undefined when there is none. */
export function circleThrough(job: JobAfter, others: readonly JobAfter[]): readonly string[] | undefined {
  const afters = new Map([...others, job].map(({ name, after }) => [name, after]));
  const seen = new Set<string>();
  const walk = (name: string, path: readonly string[]): readonly string[] | undefined => {
    for (const before of afters.get(name) ?? []) {
      if (before === job.name) return [...path, before];
      if (seen.has(before)) continue;
      seen.add(before);
      const circle = walk(before, [...path, before]);
      if (circle) return circle;
    }
    return undefined;
  };
  return walk(job.name, [job.name]);
}

/** Jobs right after `ended` whose jobs before them have all succeeded. */
export function readyAfter(ended: string, jobs: readonly JobAfter[], succeeded: ReadonlySet<string>): string[] {
  return jobs
    .filter(({ after }) => after.includes(ended) && after.every((name) => succeeded.has(name)))
    .map(({ name }) => name);
}

/** Every job that comes after `name`, however far, in no order but by name. */
export function allAfter(name: string, jobs: readonly JobAfter[]): string[] {
  const found = new Set<string>();
  const queue = [name];
  for (let next = queue.pop(); next !== undefined; next = queue.pop())
    for (const job of jobs)
      if (job.after.includes(next) && !found.has(job.name)) {
        found.add(job.name);
        queue.push(job.name);
      }
  return [...found].sort();
}
