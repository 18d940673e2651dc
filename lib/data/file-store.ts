// Files of the project's: found with a clear word when they are not there, written whole or not at all.
import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { quote } from "../core/check.ts";
import { fromProject } from "../core/settings.ts";

/**
 * The absolute path of a file that exists.
 *
 * @param kind for the message: `CSV`
 * @throws Error it does not exist, or is a folder
 */
export async function requireFile(path: string, kind: string): Promise<string> {
  const absolute = fromProject(path);
  const found = await stat(absolute).catch(() => undefined);
  if (found?.isFile()) return absolute;
  const what = found ? "a folder" : "no such file";
  throw new Error(`Cannot read ${quote(path)}: found ${what}, expected a ${kind} file at ${absolute}`);
}

/** The bytes of a file that exists. */
export async function readBytes(path: string, kind: string): Promise<Buffer> {
  return readFile(await requireFile(path, kind));
}

/** Writes a file under another name beside it, then puts it in place: readers see the old one or the new one. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<string> {
  const target = fromProject(path);
  await mkdir(dirname(target), { recursive: true });
  const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  try {
    const file = await open(draft, "wx");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
  return target;
}
