// The logs of all deployments: one file each, read from any byte on and followed while it grows, also when nothing runs.
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { openReplicaLog, type ReplicaLog } from "./replica-log.ts";

/** A piece of a log; `end` is the byte to go on from. */
export interface LogPart {
  readonly text: string;
  readonly end: number;
}

export interface ReplicaLogs {
  open(deploymentId: string): ReplicaLog;
  /** Empty when there is none. From beyond its end, as after a full file gave way to a new one: from its beginning. */
  read(deploymentId: string, from: number): Promise<LogPart>;
  /** @returns ends it */
  follow(deploymentId: string, listener: (part: LogPart) => void): () => void;
}

/** How often those who follow are told. */
const everyMs = 60;

export function createReplicaLogs(folder: string): ReplicaLogs {
  const followers = new Map<string, Set<(part: LogPart) => void>>();
  const news = new Map<string, LogPart>(); // not yet told
  const pathOf = (id: string): string => join(folder, `deployment-${id}.log`);

  function gather(id: string, text: string, end: number): void {
    if (!followers.has(id)) return;
    const waiting = news.get(id);
    news.set(id, { text: (waiting?.text ?? "") + text, end });
    if (!waiting) setTimeout(tell, everyMs, id).unref();
  }

  function tell(id: string): void {
    const part = news.get(id);
    news.delete(id);
    if (part) for (const listener of followers.get(id) ?? []) listener(part);
  }

  return {
    open: (id) => openReplicaLog(pathOf(id), { onText: (text, end) => gather(id, text, end) }),
    read: (id, from) => readFrom(pathOf(id), from),
    follow(id, listener) {
      const its = followers.get(id) ?? new Set();
      followers.set(id, its.add(listener));
      return () => {
        its.delete(listener);
        if (its.size === 0 && followers.get(id) === its) followers.delete(id);
      };
    },
  };
}

/** Of one read; a reader goes on from its end. */
const mostBytes = 4_000_000;

async function readFrom(path: string, from: number): Promise<LogPart> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!file) return { text: "", end: 0 };
  try {
    return await partOf(file, from);
  } finally {
    await file.close();
  }
}

async function partOf(file: FileHandle, from: number): Promise<LogPart> {
  const { size } = await file.stat();
  const start = from > size ? 0 : from;
  const buffer = Buffer.alloc(Math.min(size - start, mostBytes));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
  const whole = wholeCharacters(buffer.subarray(0, bytesRead));
  return { text: whole.toString("utf8"), end: start + whole.length };
}

/** Without the beginning of a character whose rest has not come. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue; // goes on with one
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}
