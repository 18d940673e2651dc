// The child's ends of the pipes: reports and output to the parent by blocking writes, so that they are out before anything else
// happens, even a crash; requests from it.
import { writeSync } from "node:fs";
import { Socket } from "node:net";
import {
  endMark,
  lineReader,
  type OutputName,
  outputFrames,
  type Report,
  type Request,
  reportFrame,
} from "./child-messages.ts";

/** Which descriptor is what, the same in both processes. */
export const descriptors = { reports: 3, requests: 4, helper: 5 } as const;

export function report(message: Report): void {
  writeAll(descriptors.reports, reportFrame(message));
}

export function writeOutput(run: number, name: OutputName, text: string): void {
  for (const frame of outputFrames(run, name, text)) writeAll(descriptors.reports, frame);
}

/** After it the parent knows that raw output of the run (of child processes, of native code) is complete. */
export function markEnd(run: number): void {
  for (const descriptor of [1, 2]) {
    try {
      writeAll(descriptor, Buffer.from(endMark(run)));
    } catch {
      // Code closed it; the parent waits for the mark only a moment.
    }
  }
}

export function onRequest(take: (request: Request) => void): void {
  const socket = new Socket({ fd: descriptors.requests, readable: true, writable: false });
  socket.setEncoding("utf8");
  socket.on("data", lineReader<Request>(take));
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}
