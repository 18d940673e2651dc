// Files by the hash of their content: what clients upload and builds read. A blob is there whole or not at all, also after a
// crash, and never changes. Layout: `ab/abcdef…` below the folder, what is still arriving in `incoming/`.
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { quote } from "../../lib/core/check.ts";
import { BadRequestError, NotFoundError } from "../errors.ts";
import { DiskFullError } from "./errors.ts";
import { syncFolder } from "./sync-folder.ts";

export interface BlobStore {
  /**
   * Keeps a content under its hash; on the disk when it resolves.
   *
   * @throws BadRequestError no hash, or the content has another
   */
  put(sha256: string, content: Readable | Uint8Array | string): Promise<void>;
  has(sha256: string): Promise<boolean>;
  /** Those of the hashes that are not here, once each, in their order. */
  missing(hashes: readonly string[]): Promise<string[]>;
  /** @throws NotFoundError no such blob */
  read(sha256: string): Promise<Readable>;
  /** Where the blob lies, for one who copies it. @throws NotFoundError no such blob */
  pathOf(sha256: string): Promise<string>;
}

/** The blobs of a folder, which is made when it is not there; what a crash left half arrived is thrown away. */
export async function openBlobStore(folder: string): Promise<BlobStore> {
  const incoming = join(folder, "incoming");
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true });
  const pathFor = (sha256: string): string => join(folder, requireHash(sha256).slice(0, 2), sha256);
  const has = async (sha256: string): Promise<boolean> => isFile(pathFor(sha256));
  async function pathOf(sha256: string): Promise<string> {
    const path = pathFor(sha256);
    if (await isFile(path)) return path;
    throw new NotFoundError(`Cannot read blob ${sha256.slice(0, 12)}…: found none with this hash`);
  }
  return {
    has,
    pathOf,
    async put(sha256, content) {
      const path = pathFor(sha256);
      const arriving = join(incoming, randomUUID());
      try {
        requireSame(sha256, await write(arriving, chunksOf(content)));
        await moveIn(arriving, path);
      } catch (error) {
        await rm(arriving, { force: true });
        throw (error as NodeJS.ErrnoException).code === "ENOSPC"
          ? new DiskFullError("Cannot keep a blob: the disk is full", { cause: error })
          : error;
      }
    },
    async missing(hashes) {
      const absent: string[] = [];
      for (const hash of new Set(hashes)) if (!(await has(hash))) absent.push(hash);
      return absent;
    },
    read: async (sha256) => createReadStream(await pathOf(sha256)),
  };
}

/** Writes the content down to the disk and tells its hash. */
async function write(path: string, chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const file = await open(path, "wx", 0o600);
  try {
    const hash = createHash("sha256");
    for await (const chunk of chunks) {
      hash.update(chunk);
      await writeAll(file, chunk);
    }
    await file.sync();
    return hash.digest("hex");
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten;
}

/** Under its name only when whole; the folders are synced because a name, too, can be lost with the power. */
async function moveIn(arrived: string, path: string): Promise<void> {
  const folder = join(path, "..");
  const made = await mkdir(folder, { recursive: true });
  await rename(arrived, path);
  await syncFolder(folder);
  if (made) await syncFolder(join(folder, ".."));
}

async function* chunksOf(content: Readable | Uint8Array | string): AsyncGenerator<Uint8Array> {
  if (!(content instanceof Readable)) return yield typeof content === "string" ? Buffer.from(content) : content;
  for await (const chunk of content) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return found?.isFile() ?? false;
}

function requireHash(sha256: string): string {
  if (/^[0-9a-f]{64}$/.test(sha256)) return sha256;
  throw new BadRequestError(`Cannot find a blob: found ${quote(sha256)}, expected a SHA-256 as 64 hex digits`);
}

function requireSame(sha256: string, found: string): void {
  if (found === sha256) return;
  throw new BadRequestError(
    `Cannot keep a blob: found content with the hash ${found.slice(0, 12)}…, expected ${sha256.slice(0, 12)}…`,
  );
}
