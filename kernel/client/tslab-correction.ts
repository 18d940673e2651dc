// Stock tslab's messages put right. It tells errors on stderr alone, calls aborted "abort", answers comm_info by another name, loses
// messages when many are printed (its idle too), and aborts all that arrives within 200 ms of an error.
import type { Correction } from "./conversation.ts";
import type { RawMessage } from "./kernel-connection.ts";

const abortWindowMs = 250;
/** So long after the reply, with nothing coming any more, a missing idle is taken as lost. */
const quietMs = 1000;
/** So long text on stderr waits for its cell to turn out to have failed; then it is the error's. */
const heldMs = 100;

export const correctTslab: Correction = (deliver) => {
  const requests = new Map<string, Request>();
  let window: Promise<unknown> | undefined;
  return { receive, ready: () => window };

  function receive(message: RawMessage): void {
    const { msg_id: id, msg_type: type } = message.parent_header as { msg_id?: string; msg_type?: string };
    if (id === undefined || type !== "execute_request") deliver(corrected(message));
    else if (message.channel === "iopub" && isErrorText(message)) hold(requestOf(id), message);
    else take(id, requestOf(id), message);
  }

  function requestOf(id: string): Request {
    const request = requests.get(id) ?? { idle: undefined, reply: undefined, held: [], said: [] };
    requests.set(id, request);
    return request;
  }

  function take(id: string, request: Request, message: RawMessage): void {
    if (message.channel !== "iopub") request.reply = corrected(message);
    else if (isIdle(message)) request.idle = message;
    else {
      release(request);
      deliver(message);
    }
    clearTimeout(request.quiet);
    if (request.reply && request.idle) finish(id, request);
    else if (request.reply) request.quiet = setTimeout(finish, quietMs, id, request);
  }

  function hold(request: Request, message: RawMessage): void {
    request.held.push(message);
    request.said.push(message);
    clearTimeout(request.release);
    request.release = setTimeout(release, heldMs, request);
  }

  function release(request: Request): void {
    clearTimeout(request.release);
    for (const message of request.held.splice(0)) deliver(message);
  }

  function finish(id: string, request: Request): void {
    clearTimeout(request.quiet);
    requests.delete(id);
    const reply = request.reply!;
    if (reply.header.msg_type === "execute_reply" && reply.content["status"] === "error") {
      const parts = errorParts(request.said.map(textOf));
      const error = errorFrom(parts.join(""));
      request.held = request.held.filter(
        (message) => !request.said.slice(-parts.length || undefined).includes(message),
      );
      release(request);
      Object.assign(reply.content, error);
      deliver(like(reply, "error", error));
      window = new Promise((resolve) => setTimeout(resolve, abortWindowMs).unref());
    } else release(request);
    deliver(reply);
    deliver(request.idle ?? like(reply, "status", { execution_state: "idle" }));
  }
};

interface Request {
  idle: RawMessage | undefined;
  reply: RawMessage | undefined;
  /** Text on stderr not yet handed on. */
  held: RawMessage[];
  /** All of it. */
  said: RawMessage[];
  release?: NodeJS.Timeout;
  quiet?: NodeJS.Timeout;
}

function corrected(message: RawMessage): RawMessage {
  if (message.channel === "iopub") return message;
  const { header, content } = message;
  const comms = header.msg_type === "complete_reply" && "comms" in content;
  const msg_type = comms ? "comm_info_reply" : header.msg_type;
  const status = content["status"] === "abort" ? "aborted" : (content["status"] ?? "ok");
  return { ...message, header: { ...header, msg_type }, content: { ...content, status } };
}

function isIdle({ header, content }: RawMessage): boolean {
  return header.msg_type === "status" && content["execution_state"] === "idle";
}

function isErrorText({ header, content }: RawMessage): boolean {
  return header.msg_type === "stream" && content["name"] === "stderr";
}

function textOf({ content }: RawMessage): string {
  return String(content["text"]);
}

const diagnostic = /^(\S+ )?\d+:\d+ - /;

/** What of all that was said on stderr is the error: the last thing, or all diagnostics at the end. */
function errorParts(said: readonly string[]): string[] {
  const other = said.findLastIndex((text) => !diagnostic.test(text));
  return said.slice(other === said.length - 1 ? Math.max(other, 0) : other + 1);
}

/** What Node shows of the code above an error. */
const codeExcerpt = /^[^\n]*:\d+\n[^\n]*\n *\^+\n\n?/;
/** Lines of a stack that are tslab's own. */
const kernelFrames = /\n +at [^\n]*(?:node:vm:|[/\\]tslab[/\\]dist[/\\]|sigintHandlersWrap)[^\n]*/g;

function errorFrom(text: string): { ename: string; evalue: string; traceback: string[] } {
  const trace = text.trimEnd().replaceAll(kernelFrames, "");
  if (diagnostic.test(trace)) return { ename: "TypeScriptError", evalue: trace, traceback: trace.split("\n") };
  const [head = ""] = trace.replace(codeExcerpt, "").split(/\n +at /);
  const [, ename, evalue = ""] = /^([A-Za-z_$][\w$]*(?: \[[^\]]+\])?)(?:: ([\s\S]*))?$/.exec(head) ?? [];
  const isError = ename !== undefined && /\n +at |Error/.test(trace);
  if (isError) return { ename, evalue, traceback: trace.split("\n") };
  return { ename: "Error", evalue: trace || "the cell failed", traceback: trace.split("\n") };
}

function like(reply: RawMessage, msg_type: string, content: object): RawMessage {
  const header = { ...reply.header, msg_id: `${reply.header.msg_id}-${msg_type}`, msg_type };
  return { ...reply, channel: "iopub", header, content: { ...content } };
}
