// What a run prints, in one file of bounded size: its beginning, and when it was too much, its end. Places in it are bytes and
// stay what they are, so that a reader may go on where it was.
import { closeSync, mkdirSync, openSync, statSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";

export interface RunLog {
  write(text: string): void;
  readonly bytes: number;
  /** Writes the end of what was too much. */
  close(): void;
}

export interface RunLogOptions {
  readonly path: string;
  readonly onText: (text: string, end: number) => void;
  /** Default 5 MB. */
  readonly maxBytes?: number;
}

const tailCharacters = 64_000;
/** How often those who look on are told. */
const everyMs = 60;

export function openRunLog({ path, onText, maxBytes = 5_000_000 }: RunLogOptions): RunLog {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "a", 0o600);
  let bytes = statSync(path).size;
  let news = "";
  let timer: NodeJS.Timeout | undefined;
  let tail = "";
  let leftOut = 0;

  function write(text: string): void {
    const size = Buffer.byteLength(text);
    if (leftOut > 0 || bytes + size > maxBytes) {
      leftOut += size;
      tail = (tail + text).slice(-tailCharacters);
      return;
    }
    append(text);
  }

  function append(text: string): void {
    const data = Buffer.from(text);
    try {
      for (let at = 0; at < data.length; ) at += writeSync(file, data, at);
    } catch {
      return; // a full disk costs the log, not the run
    }
    bytes += data.length;
    news += text;
    timer ??= setTimeout(tell, everyMs);
  }

  function tell(): void {
    clearTimeout(timer);
    timer = undefined;
    if (news !== "") onText(news, bytes);
    news = "";
  }

  return {
    write,
    get bytes() {
      return bytes;
    },
    close() {
      const rest = leftOut - Buffer.byteLength(tail);
      if (rest > 0) append(`\n… ${rest} bytes left out …\n`);
      if (leftOut > 0) append(tail);
      tell();
      closeSync(file);
    },
  };
}

const replyBytes = 4_000_000;

/** The log from a place on; empty when there is none. `end` is where to go on. */
export async function readRunLog(path: string, from: number): Promise<{ text: string; end: number }> {
  const file = await open(path, "r").catch(() => undefined);
  if (!file) return { text: "", end: 0 };
  try {
    const { size } = await file.stat();
    const length = Math.max(0, Math.min(size - from, replyBytes));
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
    const whole = wholeCharacters(buffer.subarray(0, bytesRead));
    return { text: whole.toString("utf8"), end: Math.min(from, size) + whole.length };
  } finally {
    await file.close();
  }
}

/** Without the beginning of a character whose rest is not there. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}
