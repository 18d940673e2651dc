// Short-lived files between DuckDB and Arrow, in memory where the system has a folder for it. What a killed process left behind
// is swept by the next one.
import { accessSync, constants, mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string | undefined;
let count = 0;

/** Hands `work` the path of a file that does not exist yet, and removes the file afterwards. */
export async function withScratchFile<T>(work: (path: string) => Promise<T>): Promise<T> {
  folder ??= openFolder();
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${++count}.parquet`);
  try {
    return await work(path);
  } finally {
    rmSync(path, { force: true });
  }
}

function openFolder(): string {
  const parent = isWritable("/dev/shm") ? "/dev/shm" : tmpdir();
  for (const place of new Set([parent, tmpdir()])) sweep(place);
  const own = join(parent, `cellwright-scratch-${process.pid}`);
  process.once("exit", () => rmSync(own, { recursive: true, force: true }));
  return own;
}

function sweep(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = /^cellwright-(?:scratch|duckdb)-(\d+)$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
