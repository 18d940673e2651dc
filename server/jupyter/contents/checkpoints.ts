// One earlier state per file, kept in the home below the file's own path. Moves with the file, goes when it goes.
import { copyFile, mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { quote } from "../../../lib/core/check.ts";
import { NotFoundError } from "../../errors.ts";
import { partsOf } from "./places.ts";
import { writeFile } from "./write-file.ts";

export interface Checkpoint {
  readonly id: string;
  readonly last_modified: string;
}

export interface Checkpoints {
  list(path: string): Promise<Checkpoint[]>;
  /** Replaces the one there is. */
  create(path: string, file: string): Promise<Checkpoint>;
  /** @throws NotFoundError there is none of this id */
  restore(path: string, id: string, file: string): Promise<void>;
  /** @throws NotFoundError there is none of this id */
  remove(path: string, id: string): Promise<void>;
  /** Those of a file, or of all below a folder. */
  move(path: string, newPath: string): Promise<void>;
  forget(path: string): Promise<void>;
}

/** A name no file of the project can have in Lab: hidden ones are not there. */
const kept = ".checkpoint";
const onlyId = "checkpoint";

export function createCheckpoints(folder: string): Checkpoints {
  const placeOf = (path: string): string => join(folder, ...partsOf(path));
  const keptOf = (path: string): string => join(placeOf(path), kept);

  async function list(path: string): Promise<Checkpoint[]> {
    const found = await stat(keptOf(path)).catch(() => undefined);
    return found ? [{ id: onlyId, last_modified: found.mtime.toISOString() }] : [];
  }

  async function requireKept(path: string, id: string): Promise<string> {
    const [found] = await list(path);
    if (found?.id === id) return keptOf(path);
    throw new NotFoundError(`Cannot find checkpoint ${quote(id)} of ${quote(path)}: expected one that was made`);
  }

  return {
    list,
    async create(path, file) {
      await mkdir(placeOf(path), { recursive: true });
      const beside = `${keptOf(path)}.tmp`;
      await copyFile(file, beside);
      await rename(beside, keptOf(path));
      return (await list(path))[0]!;
    },
    restore: async (path, id, file) => writeFile(file, await readFile(await requireKept(path, id))),
    remove: async (path, id) => rm(await requireKept(path, id)),
    async move(path, newPath) {
      if (!(await stat(placeOf(path)).catch(() => undefined))) return;
      await rm(placeOf(newPath), { recursive: true, force: true });
      await mkdir(dirname(placeOf(newPath)), { recursive: true });
      await rename(placeOf(path), placeOf(newPath));
    },
    forget: (path) => rm(placeOf(path), { recursive: true, force: true }),
  };
}
