// The child's ends of the pipes: reports and output to the parent by blocking writes, so that they are out before anything else
// happens, even a crash; requests from it.
import { writeSync } from "node:fs";
import { Socket } from "node:net";
import {
  lineReader,
  type OutputName,
  outputFragments,
  type Report,
  type Request,
  reportFrame,
} from "./child-messages.ts";
import { type BatchMemory, OutputBatch } from "./output-batch.ts";

/** Which descriptor is what, the same in both processes. */
export const descriptors = { reports: 3, requests: 4, helper: 5 } as const;

export interface ParentLink {
  /** Behind all output so far. */
  report(message: Report): void;
  output(run: number, name: OutputName, text: string): void;
  /** Sends what output is still kept. */
  flush(): void;
}

/** @param remind see OutputBatch */
export function createParentLink(memory: BatchMemory, remind: () => void): ParentLink {
  const batch = new OutputBatch(memory, writeReports, remind);
  return {
    report: (message) => batch.flush(reportFrame(message)),
    output: (run, name, text) => {
      for (const fragment of outputFragments(text)) batch.add(run, name, fragment);
    },
    flush: () => batch.flush(),
  };
}

export function onRequest(take: (request: Request) => void): void {
  const socket = new Socket({ fd: descriptors.requests, readable: true, writable: false });
  socket.setEncoding("utf8");
  socket.on("data", lineReader<Request>(take));
}

export function writeReports(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptors.reports, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}
