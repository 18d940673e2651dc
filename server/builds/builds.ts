// The room put together: store, blobs, the trial run, service.

import { openBlobStore } from "../storage/artifacts.ts";
import type { Database } from "../storage/database.ts";
import { checkBuild } from "./check-build.ts";
import { type BuildService, createBuildService } from "./service.ts";
import { createBuildStore } from "./store.ts";

export interface BuildsParts {
  readonly database: Database;
  /** Build folders, by id. */
  readonly builds: string;
  /** Folder of uploaded contents, by hash. */
  readonly blobs: string;
  /** The project's folder: npm packages resolve from here. */
  readonly project: string;
  /** The compiled replica.ts. */
  readonly replicaEntry: string;
  /** Environment of a trial run: nothing of ours. */
  readonly env: NodeJS.ProcessEnv;
  readonly clock: () => number;
}

export async function openBuilds(parts: BuildsParts): Promise<BuildService> {
  const { database, builds, blobs, project, replicaEntry, env, clock } = parts;
  return createBuildService({
    store: createBuildStore(database),
    blobs: await openBlobStore(blobs),
    buildsFolder: builds,
    packagesFolder: project,
    check: (folder, onOutput) => checkBuild(folder, { replicaEntry, env, onOutput }),
    clock,
  });
}
