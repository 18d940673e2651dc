// What parent and child say to each other: their types, and the frames on the wire between them. Knows no processes.
// The child writes frames: u32 length, u8 kind, u32 run, payload. Output's payload is text as the inside of a JSON string, so that
// the parent puts it into a message without looking at it. The parent writes lines of JSON.
import type { CellError } from "../evaluator/stack-traces.ts";
import type { MimeBundle } from "../evaluator/values.ts";
import type { Question } from "./ask-user.ts";
import type { CommMessage } from "./comms.ts";
import type { DebugEvent, DebugRequest } from "./debugger/dap.ts";

/** To the child's main thread. */
export type Request =
  | { op: "run"; run: number; label: string; code: string; expressions: Record<string, string> }
  | { op: "complete"; ask: number; code: string; cursor: number }
  | { op: "inspect"; ask: number; code: string; cursor: number; detail: number }
  | { op: "is-complete"; ask: number; code: string }
  | { op: "variables"; ask: number }
  | { op: "comm"; ask: number; run: number; message: CommMessage };

/** To the child's helper thread. */
export type HelperRequest =
  | { op: "interrupt"; ask: number }
  | { op: "end"; ask: number }
  | { op: "input"; number: number; text: string | null }
  | { op: "debug"; ask: number; request: DebugRequest };

/** From it. */
export type HelperReport = { ask: number; value: unknown } | { event: DebugEvent };

export interface RunOutcome {
  status: "ok" | "error";
  data?: MimeBundle;
  error?: CellError;
  interrupted?: boolean;
  expressions?: Record<string, unknown>;
  /** Of the reply: a page to show. */
  payload?: readonly object[];
}

export type DisplayType = "display_data" | "update_display_data" | "clear_output";

/** From the child, besides output. */
export type Report =
  | { op: "ready" }
  | { op: "done"; run: number; outcome: RunOutcome }
  | { op: "answer"; ask: number; value: unknown }
  | { op: "display"; run: number; type: DisplayType; content: object }
  | { op: "late-error"; run: number; error: CellError }
  | { op: "exit"; run: number; code: number }
  | { op: "input"; run: number; question: Question }
  | { op: "comm"; run: number; message: CommMessage };

export const frameKind = { report: 0, stdout: 1, stderr: 2 } as const;
export type OutputName = "stdout" | "stderr";

export const headSize = 9;
const sliceLength = 65_536;

export function reportFrame(report: Report): Buffer {
  return frame(frameKind.report, 0, JSON.stringify(report));
}

/**
 * Text as the inside of JSON strings, long text as several; a pair of surrogates may be cut in two, its escapes meet again in the
 * parent.
 */
export function* outputFragments(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += sliceLength)
    yield JSON.stringify(text.slice(at, at + sliceLength)).slice(1, -1);
}

export function frame(kind: number, run: number, payload: string): Buffer {
  const bytes = Buffer.allocUnsafe(headSize + Buffer.byteLength(payload));
  startFrame(bytes, 0, kind, run);
  bytes.write(payload, headSize, "utf8");
  endFrame(bytes, 0, bytes.length);
  return bytes;
}

/** Its payload comes behind the head, then its end is told. */
export function startFrame(bytes: Buffer, at: number, kind: number, run: number): void {
  bytes[at + 4] = kind;
  bytes.writeUInt32LE(run, at + 5);
}

export function isFrameOf(bytes: Buffer, at: number, kind: number, run: number): boolean {
  return bytes[at + 4] === kind && bytes.readUInt32LE(at + 5) === run;
}

export function endFrame(bytes: Buffer, at: number, end: number): void {
  bytes.writeUInt32LE(end - at - headSize, at);
}

export interface FrameHandlers {
  report(report: Report): void;
  output(run: number, name: OutputName, fragment: Buffer): void;
}

/** Takes chunks as they come, calls for each whole frame. */
export function frameReader(handlers: FrameHandlers): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let size = 0;
  let needed = headSize;
  return (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size < needed) return;
    const bytes = chunks.length > 1 ? Buffer.concat(chunks) : chunk;
    let at = 0;
    needed = headSize;
    while (bytes.length - at >= headSize) {
      const end = at + headSize + bytes.readUInt32LE(at);
      needed = end - at;
      if (end > bytes.length) break;
      const payload = bytes.subarray(at + headSize, end);
      if (bytes[at + 4] === frameKind.report) handlers.report(JSON.parse(payload.toString("utf8")) as Report);
      else
        handlers.output(bytes.readUInt32LE(at + 5), bytes[at + 4] === frameKind.stdout ? "stdout" : "stderr", payload);
      at = end;
      needed = headSize;
    }
    chunks = at < bytes.length ? [bytes.subarray(at)] : [];
    size = bytes.length - at;
  };
}

/** Takes text as it comes, calls for each whole line with what its JSON says. */
export function lineReader<T>(take: (message: T) => void): (chunk: string) => void {
  let rest: string[] = [];
  return (chunk) => {
    let at = 0;
    for (let end = chunk.indexOf("\n"); end >= 0; end = chunk.indexOf("\n", at)) {
      rest.push(chunk.slice(at, end));
      at = end + 1;
      const line = rest.join("");
      rest = [];
      take(JSON.parse(line) as T);
    }
    if (at < chunk.length) rest.push(chunk.slice(at));
  };
}
