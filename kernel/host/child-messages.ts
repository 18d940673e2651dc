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
  | { op: "prepare"; code: string }
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
/** So many characters are at most six times as many bytes, as JSON escapes them. */
const sliceLength = 16_384;

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
  /** A fragment may come in pieces, cut anywhere: they belong together. */
  output(run: number, name: OutputName, pieces: readonly Buffer[]): void;
}

/** Takes chunks as they come, calls for each whole frame. */
export function frameReader(handlers: FrameHandlers): (chunk: Buffer) => void {
  const chunks: Buffer[] = [];
  let size = 0;
  let head: Buffer | undefined;

  function take(length: number): Buffer[] {
    const pieces: Buffer[] = [];
    size -= length;
    for (let left = length; left > 0; ) {
      const chunk = chunks[0]!;
      pieces.push(chunk.subarray(0, left));
      if (chunk.length <= left) chunks.shift();
      else chunks[0] = chunk.subarray(left);
      left -= Math.min(left, chunk.length);
    }
    return pieces;
  }

  return (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    for (;;) {
      if (!head && size >= headSize) head = whole(take(headSize));
      if (!head || size < head.readUInt32LE(0)) return;
      const pieces = take(head.readUInt32LE(0));
      const [kind, run] = [head[4], head.readUInt32LE(5)];
      head = undefined;
      if (kind === frameKind.report) handlers.report(JSON.parse(whole(pieces).toString("utf8")) as Report);
      else handlers.output(run, kind === frameKind.stdout ? "stdout" : "stderr", pieces);
    }
  };
}

function whole(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
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
