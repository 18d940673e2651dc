// Files that come in parts, as JupyterLab sends large ones. The parts are put together in the home; the file is in its place when
// it is whole, not before.
import { createHash } from "node:crypto";
import { rmSync, type Stats } from "node:fs";
import { copyFile, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { quote } from "../../../lib/core/check.ts";
import { ConflictError } from "../../errors.ts";
import { syncFolder } from "../../storage/sync-folder.ts";

export interface Uploads {
  /**
   * Takes the next part of a file.
   *
   * @param chunk 1, 2, …; -1 for the last one
   * @returns what is there of it so far
   * @throws ConflictError it is not the part that comes next
   */
  take(place: string, chunk: number, bytes: Uint8Array): Promise<Stats>;
}

/** @param folder for what is not whole yet; what an earlier server left in it is thrown away */
export function createUploads(folder: string): Uploads {
  rmSync(folder, { recursive: true, force: true });
  const coming = new Map<string, number>();

  return {
    async take(place, chunk, bytes) {
      const expected = coming.get(place) ?? 1;
      if (chunk !== 1 && (expected === 1 || (chunk !== -1 && chunk !== expected)))
        throw new ConflictError(
          `Cannot take part ${chunk} of ${quote(basename(place))}: expected part ${expected}; upload it from its beginning`,
        );
      const part = join(folder, createHash("sha256").update(place).digest("hex"));
      await mkdir(folder, { recursive: true });
      await append(part, bytes, { afresh: chunk === 1, toDisk: chunk === -1 });
      if (chunk !== -1) {
        coming.set(place, chunk + 1);
        return stat(part);
      }
      coming.delete(place);
      await moveInto(part, place);
      return stat(place);
    },
  };
}

async function append(part: string, bytes: Uint8Array, { afresh, toDisk }: { afresh: boolean; toDisk: boolean }) {
  const file = await open(part, afresh ? "w" : "a");
  try {
    await file.writeFile(bytes);
    if (toDisk) await file.sync();
  } finally {
    await file.close();
  }
}

/** Whole or not at all, also where the home is on another disk. */
async function moveInto(part: string, place: string): Promise<void> {
  try {
    await rename(part, place);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    const beside = join(dirname(place), `.${basename(place).slice(0, 100)}.${basename(part).slice(0, 12)}.tmp`);
    await copyFile(part, beside);
    await rename(beside, place);
    await rm(part);
  }
  await syncFolder(dirname(place));
}
