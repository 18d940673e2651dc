// Takes away what a killed server left half-written beside the user's files: names as writeFile gives them, older than this process.
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** `.train.ipynb.0123456789ab.tmp`. */
const leftover = /^\..+\.[0-9a-f]{12}\.tmp$/;

export function isLeftover(name: string): boolean {
  return leftover.test(name);
}

const swept = new Set<string>();

/** Once a folder: what comes later is this server's own, and in hand. */
export async function sweepLeftovers(folder: string): Promise<void> {
  if (swept.has(folder)) return;
  swept.add(folder);
  const names = await readdir(folder).catch(() => []); // one may be written to and not be read
  for (const name of names.filter((name) => leftover.test(name))) {
    const place = join(folder, name);
    const found = await stat(place).catch(() => undefined);
    if (found?.isFile() && found.mtimeMs < performance.timeOrigin) await rm(place, { force: true });
  }
}
