// What an application prints, in one file of bounded size that outlives its processes, to be read from any place on.
import { existsSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import type { Readable } from "node:stream";
import { openBoundedFile } from "../log.ts";

export interface ApplicationLog {
  /** Keeps what a process prints until it ends. */
  follow(output: Readable): void;
  /** A line of the server's own about the application. Resolves when it can be read, or could not be written. */
  note(text: string): Promise<void>;
  close(): Promise<void>;
}

export interface LogPart {
  readonly text: string;
  /** Where to go on reading. */
  readonly end: number;
}

/** Between two tellings that a log has grown; long enough that what was written can be read. */
const tellEveryMs = 200;

export interface ApplicationLogOptions {
  readonly maxBytes?: number;
  readonly onGrown?: () => void;
}

export function openApplicationLog(
  path: string,
  { maxBytes = 5_000_000, onGrown = () => {} }: ApplicationLogOptions = {},
): ApplicationLog {
  const file = openBoundedFile(path, { maxBytes });
  let telling: NodeJS.Timeout | undefined;

  function tellSoon(): void {
    if (telling) return;
    telling = setTimeout(() => {
      telling = undefined;
      onGrown();
    }, tellEveryMs).unref();
  }

  function write(text: string | Buffer, done?: () => void): boolean {
    tellSoon();
    return file.write(text, done);
  }

  return {
    follow(output) {
      output.on("data", (chunk: Buffer) => {
        if (write(chunk)) return;
        output.pause(); // a program that prints faster than the disk takes it waits
        file.onDrain(() => output.resume());
      });
      output.on("error", () => {}); // the pipe of a killed process
    },
    note: (text) => new Promise((resolve) => write(`${new Date().toISOString()} ${text}\n`, resolve)),
    close: () => file.close(),
  };
}

/**
 * A part of a log.
 *
 * @param from byte to begin at; beyond the end (the file has begun anew since) it begins at 0
 * @param maxBytes the end of what is longer; a first line that is cut is left out
 */
export async function readLog(path: string, from: number, maxBytes = 1_000_000): Promise<LogPart> {
  if (!existsSync(path)) return { text: "", end: 0 };
  const file = await open(path);
  try {
    const { size: end } = await file.stat();
    const wanted = from > end ? 0 : from;
    const start = Math.max(wanted, end - maxBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    const text = buffer.toString("utf8", 0, bytesRead);
    return { text: start > wanted ? text.slice(text.indexOf("\n") + 1) : text, end: start + bytesRead };
  } finally {
    await file.close();
  }
}

export async function removeLog(path: string): Promise<void> {
  await Promise.all([rm(path, { force: true }), rm(`${path}.1`, { force: true })]);
}
