// The room put together: store, scheduler, service, the example pipeline, and what a run's process gets.
import { createHash, randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Log } from "../log.ts";
import type { JobLimits } from "../settings.ts";
import type { Database } from "../storage/database.ts";
import { createFirstStart, type FirstStart } from "./first-start.ts";
import { createJobEvents } from "./live-events.ts";
import { createScheduler, type Scheduler } from "./scheduler.ts";
import { createJobService, type JobService } from "./service.ts";
import { createJobStore } from "./store.ts";

export interface JobsParts {
  readonly database: Database;
  readonly project: string;
  readonly home: string;
  readonly limits: JobLimits;
  /** The compiled `cellwright` and end-with-server. */
  readonly bin: string;
  readonly watcher: string;
  /** What every run's process starts with. */
  readonly env: NodeJS.ProcessEnv;
  readonly url: () => string;
  /** A key for a run's process. */
  readonly issueKey: (subject: string) => Promise<{ readonly key: string; revoke(): Promise<void> }>;
  readonly clock: () => number;
  readonly log: Log;
}

export interface Jobs {
  readonly service: JobService;
  readonly firstStart: FirstStart;
  readonly scheduler: Scheduler;
}

export function openJobs(parts: JobsParts): Jobs {
  const { database, project, home, limits, bin, watcher, clock, log } = parts;
  const store = createJobStore(database);
  const events = createJobEvents();
  const folder = join(home, "jobs");
  const place = createHash("sha256").update(`${hostname()}\0${home}`).digest("hex").slice(0, 16);
  const scheduler = createScheduler({
    ...{ store, events, project, home, folder, bin, watcher, clock, log },
    ...{ atOnce: limits.atOnce, keep: limits.keep },
    me: `${place}/${randomUUID()}`,
    async environmentFor({ id, chain }) {
      const { key, revoke } = await parts.issueKey(`job:${id}`);
      const where = { CELLWRIGHT_URL: parts.url(), CELLWRIGHT_TOKEN: key };
      const what = { CELLWRIGHT_JOB_RUN: id, CELLWRIGHT_JOB_CHAIN: chain };
      const env = { ...parts.env, CELLWRIGHT_HOME: home, CELLWRIGHT_PROJECT: project, ...where, ...what };
      return { env, release: revoke };
    },
  });
  const service = createJobService({ store, scheduler, events, project, folder, clock });
  return { service, scheduler, firstStart: createFirstStart({ service, store, project }) };
}
