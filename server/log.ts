// The server's log: one JSON line an event, without secrets, in a file of bounded size. Requests are logged by method and path;
// never query strings (they may hold a token), headers or bodies (rows of data).
import { createWriteStream, mkdirSync, openSync, renameSync, statSync, type WriteStream } from "node:fs";
import { dirname } from "node:path";
import { type Logger, pino } from "pino";

export type Log = Logger;

const secretKeys = ["token", "accessKey", "access_key", "authorization", "cookie", "password", "hash", "url"];

/** @param file what the lines go to; the standard output when absent */
export function createLog({
  level = "info",
  file,
}: {
  readonly level?: string;
  readonly file?: BoundedFile;
} = {}): Log {
  const options = {
    level,
    base: undefined,
    redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: "…" },
  };
  return file ? pino(options, file) : pino(options);
}

/** A log that keeps nothing. */
export function silentLog(): Log {
  return pino({ level: "silent" });
}

export interface BoundedFile {
  /**
   * @param done the text is in the file and ends at this byte of it, or could not be written
   * @returns false when the writer should wait for `onDrain`
   */
  write(text: string | Buffer, done?: (failed: boolean, end: number) => void): boolean;
  onDrain(then: () => void): void;
  close(): Promise<void>;
}

export interface BoundedFileOptions {
  /** Default 10 MB. */
  readonly maxBytes?: number;
  /** What is written within so long goes to the disk together. Default 0: each at once. */
  readonly gatherMs?: number;
}

/** A file to append to; over its limit it becomes `….1`, in the place of the one before, and a new one begins. */
export function openBoundedFile(
  path: string,
  { maxBytes = 10_000_000, gatherMs = 0 }: BoundedFileOptions = {},
): BoundedFile {
  mkdirSync(dirname(path), { recursive: true });
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  let file = append(path);

  function write(text: string | Buffer, done?: (failed: boolean, end: number) => void): boolean {
    const bytes = Buffer.byteLength(text);
    if (size > 0 && size + bytes > maxBytes) {
      file.end();
      renameSync(path, `${path}.1`);
      file = append(path);
      size = 0;
    }
    const end = (size += bytes);
    if (gatherMs > 0 && file.writableCorked === 0) gather(file, gatherMs);
    const goesOn = file.write(text, (error) => done?.(Boolean(error), end));
    if (!goesOn) file.uncork(); // a writer that waits is not kept waiting
    return goesOn;
  }

  return {
    write,
    onDrain: (then) => void file.once("drain", then),
    close: () => new Promise((resolve) => file.end(() => resolve())),
  };
}

function gather(file: WriteStream, ms: number): void {
  file.cork();
  setTimeout(() => file.uncork(), ms);
}

function append(path: string): WriteStream {
  const file = createWriteStream(path, { fd: openSync(path, "a", 0o600) });
  file.on("error", () => {}); // a full disk costs the log, not the calls
  return file;
}
