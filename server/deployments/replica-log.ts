// What a deployment's replicas print, in one file of bounded size that outlives them.
import type { Readable } from "node:stream";
import { openBoundedFile } from "../log.ts";

export interface ReplicaLog {
  /** Keeps what a replica prints until it ends. */
  follow(output: Readable): void;
  /** A line of the server's own about the replicas. */
  note(text: string): void;
  close(): Promise<void>;
}

export function openReplicaLog(path: string, { maxBytes = 5_000_000 } = {}): ReplicaLog {
  const file = openBoundedFile(path, { maxBytes });
  return {
    follow(output) {
      output.on("data", (chunk: Buffer) => {
        if (file.write(chunk)) return;
        output.pause(); // a replica that prints faster than the disk takes it waits
        file.onDrain(() => output.resume());
      });
      output.on("error", () => {}); // the pipe of a killed replica
    },
    note: (text) => void file.write(`${new Date().toISOString()} ${text}\n`),
    close: () => file.close(),
  };
}
