// What a deployment's replicas print, in one file of bounded size that outlives them.
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { openBoundedFile } from "../log.ts";

export interface ReplicaLog {
  /** Keeps what a replica prints until it ends. */
  follow(output: Readable): void;
  /** A line of the server's own about the replicas. */
  note(text: string): void;
  close(): Promise<void>;
}

export interface ReplicaLogOptions {
  /** Default 5 MB. */
  readonly maxBytes?: number;
  /** Text that is in the file now, and the byte it ends at. */
  readonly onText?: (text: string, end: number) => void;
}

export function openReplicaLog(
  path: string,
  { maxBytes = 5_000_000, onText = () => {} }: ReplicaLogOptions = {},
): ReplicaLog {
  const file = openBoundedFile(path, { maxBytes });
  return {
    follow(output) {
      const characters = new StringDecoder(); // a chunk may end within one
      output.on("data", (chunk: Buffer) => {
        const text = characters.write(chunk);
        if (file.write(chunk, (failed, end) => failed || onText(text, end))) return;
        output.pause(); // a replica that prints faster than the disk takes it waits
        file.onDrain(() => output.resume());
      });
      output.on("error", () => {}); // the pipe of a killed replica
    },
    note(text) {
      const line = `${new Date().toISOString()} ${text}\n`;
      file.write(line, (failed, end) => failed || onText(line, end));
    },
    close: () => file.close(),
  };
}
