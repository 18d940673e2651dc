// A pipe from another process, read as text: as it comes, and at a moment when all that was written before must be in.
import { readSync } from "node:fs";
import type { Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";

const chunkBytes = 65_536;
/** More than the system keeps for a pipe: what comes beyond was written later. */
const mostChunks = 16;

/** @returns reads what has arrived by now, without waiting */
export function readNow(pipe: Socket, take: (text: string) => void): () => void {
  const decoder = new StringDecoder("utf8");
  const descriptor = (pipe as unknown as { _handle?: { fd?: number } })._handle?.fd ?? -1;
  const chunk = Buffer.allocUnsafeSlow(chunkBytes);
  pipe.on("data", (bytes: Buffer) => take(decoder.write(bytes)));
  return () => {
    if (descriptor < 0 || pipe.destroyed) return;
    for (let i = 0; i < mostChunks; i++) {
      const size = readNothingBlocking(descriptor, chunk);
      if (size === 0) return;
      take(decoder.write(chunk.subarray(0, size)));
    }
  };
}

/** 0 where nothing has arrived, or nothing ever will. */
function readNothingBlocking(descriptor: number, into: Buffer): number {
  try {
    return readSync(descriptor, into);
  } catch {
    return 0; // EAGAIN, or the pipe is broken: its own events tell that
  }
}
