// Writes a file whole or not at all: beside it first, on disk, then in its place. What was there keeps its permissions.
import { randomBytes } from "node:crypto";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { syncFolder } from "../../storage/sync-folder.ts";
import { sweepLeftovers } from "./sweep-leftovers.ts";

export async function writeFile(path: string, bytes: Uint8Array | string): Promise<void> {
  await sweepLeftovers(dirname(path));
  const mode = (await stat(path).catch(() => undefined))?.mode;
  const beside = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const file = await open(beside, "wx", mode === undefined ? 0o666 : mode & 0o777);
    await fill(file, bytes, mode);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

async function fill(file: FileHandle, bytes: Uint8Array | string, mode: number | undefined): Promise<void> {
  try {
    if (mode !== undefined) await file.chmod(mode & 0o777);
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
