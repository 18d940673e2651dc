// What is deleted in Lab is put here, under the time it went, from where it can be taken back by hand.
import { cp, mkdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";

/** Moves a file or folder into the trash. */
export async function moveToTrash(place: string, trash: string, now: number): Promise<void> {
  await mkdir(trash, { recursive: true });
  const stamp = new Date(now).toISOString().replace(/[:.]/g, "-");
  for (let number = 0; ; number++) {
    const folder = join(trash, number === 0 ? stamp : `${stamp}-${number}`);
    try {
      await mkdir(folder); // one each: two of one name may go in the same millisecond
      return await move(place, join(folder, basename(place)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** Also where the home is on another disk. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    await cp(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    await rm(from, { recursive: true });
  }
}
