// The protocol's side of the kernel: requests from the channels to their answers, each between busy and idle. One shell request at a
// time, in order; control at once, also while a cell blocks. Over 300 lines, for all of it shares what one kernel has.
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { readConnectionFile } from "../protocol/connection-file.ts";
import { type Content, type MessageHeader, newMessage } from "../protocol/message.ts";
import { bindChannels, type Channel, isUnreachable } from "../protocol/sockets.ts";
import { decode, encode, type Incoming } from "../protocol/wire.ts";
import { createAnswers } from "./answers.ts";
import type { Checks } from "./checks.ts";
import type { Child } from "./child-process.ts";
import type { CommMessage, CommType } from "./comms.ts";
import type { DebugRequest } from "./debugger/dap.ts";
import { createExecution, isLoss } from "./execution.ts";
import { History } from "./history.ts";
import { watchOwner } from "./owner.ts";

export interface KernelOptions {
  /** Connection file. */
  path: string;
  child: Child;
  restartChild: () => Child;
  checks: Checks;
  /** Where what was run is kept for later sessions; without one it is not. */
  historyFile?: string;
  /** Of what one cell prints. */
  outputLimitBytes: number;
}

export interface Request extends Incoming {
  readonly channel: Channel;
}

type Answer = (request: Request, announce: () => void) => Promise<Content | undefined>;

/** How long after a failure cells may arrive that were sent before it was known. */
const onItsWayMs = 25;

/** Sends on iopub, as an answer to the request with this header. */
export type Publish = (type: string, content: object, parent?: MessageHeader) => void;

/** Signatures seen lately: a message that comes twice is somebody's replay. */
const rememberedSignatures = 10_000;

/** Until a question that did not reach its client is sent again. */
const askAgainMs = 50;

/** For ZeroMQ's own thread to put on the wire what it has been given. */
const lastWordsMs = 50;

export async function startKernel({
  path,
  child,
  restartChild,
  checks,
  historyFile,
  outputLimitBytes,
}: KernelOptions): Promise<void> {
  const connection = readConnectionFile(path);
  const channels = await bindChannels(connection);
  const session = randomUUID();
  const seen = new Set<string>();
  const shell: Request[] = [];
  const aborted = new WeakSet<Request>();
  /** Open comms: id → target. */
  const comms = new Map<string, string>();
  let serving = false;
  let stopping = false;

  const publish: Publish = (type, content, parent) => {
    const message = newMessage(type, content instanceof Uint8Array ? {} : content, { session, parent });
    void channels.iopub.send(encode({ ...message, content }, connection.key, [Buffer.from(type)]));
  };
  const history = new History(historyFile);
  /** Who sent the cell that runs, as the router of standard input knows them. */
  let asker: readonly Uint8Array[] = [];
  const askClient = async (parent: MessageHeader, content: Content, isAwaited: () => boolean): Promise<void> => {
    const question = encode(newMessage("input_request", content, { session, parent }), connection.key, asker);
    while (isAwaited() && !(await hears(question))) await wait(askAgainMs);
  };
  /** The client that sent the cell may still be connecting this channel. */
  const hears = async (question: readonly Uint8Array[]): Promise<boolean> => {
    try {
      await channels.stdin.send(question);
      return true;
    } catch (error) {
      if (isUnreachable(error)) return false;
      throw error;
    }
  };
  const execution = createExecution({
    child,
    checks,
    restartChild,
    publish,
    publishComm,
    askClient: (parent, content, isAwaited) => void askClient(parent, content, isAwaited),
    history,
    outputLimitBytes,
    onLoss: closeComms,
    stop: (code) => void stop(code),
  });
  const answers = createAnswers({ child: () => execution.child(), checker: checks.checker, history, comms });

  for (const channel of [channels.shell, channels.control]) void listen(channel);
  void takeInput();
  void echoHeartbeat();
  void welcomeSubscribers();
  watchOwner(() => void stop(1), { jupyterPid: process.env["JPY_PARENT_PID"] });
  process.on("SIGINT", () => void execution.interrupt());
  process.on("SIGTERM", () => void stop(0));

  async function listen(channel: Channel): Promise<void> {
    for await (const frames of channel) {
      const request = read(channel, frames);
      if (!request) continue;
      const { msg_type: type } = request.message.header;
      if (type === "shutdown_request") void shutDown(request);
      else if (channel === channels.control) void handle(request);
      else {
        shell.push(request);
        void serveShell();
      }
    }
  }

  /** Undefined for what is forged, repeated or no message: nobody is told. */
  function read(channel: Channel, frames: Uint8Array[]): Request | undefined {
    try {
      const incoming = decode(frames, connection.key);
      if (connection.key !== "" && !rememberSignature(incoming.signature)) return undefined;
      return { ...incoming, channel };
    } catch {
      return undefined;
    }
  }

  function rememberSignature(signature: string): boolean {
    if (seen.has(signature)) return false;
    seen.add(signature);
    if (seen.size > rememberedSignatures) seen.delete(seen.values().next().value!);
    return true;
  }

  async function serveShell(): Promise<void> {
    if (serving) return;
    serving = true;
    for (let request = shell.shift(); request && !stopping; request = shell.shift()) await handle(request);
    serving = false;
  }

  async function handle(request: Request): Promise<void> {
    const { header } = request.message;
    const answer = answerOf(header.msg_type);
    if (!answer) return;
    const announce = () => publish("status", { execution_state: "busy" }, header);
    const content = await answer(request, announce).catch((error: unknown) => failure(error));
    execution.flush();
    if (content) reply(request, content);
    publish("status", { execution_state: "idle" }, header);
    await execution.afterReply();
  }

  function answerOf(type: string): Answer | undefined {
    if (type === "execute_request") return executeOrAbort;
    const answer =
      type === "interrupt_request"
        ? interrupt
        : type === "debug_request"
          ? debug
          : isCommType(type)
            ? takeComm
            : answers[type] && answerContent;
    return (
      answer &&
      ((request, announce) => {
        announce();
        return answer(request);
      })
    );
  }

  async function answerContent({ message: { header, content } }: Request): Promise<Content> {
    return answers[header.msg_type]!(content);
  }

  async function executeOrAbort(request: Request, announce: () => void): Promise<Content> {
    if (aborted.has(request)) {
      announce();
      return execution.aborted();
    }
    asker = request.identities;
    const content = await execution.execute(request.message, announce);
    const stops = request.message.content["stop_on_error"] !== false || isLoss(content);
    if (content["status"] === "error" && stops) await abortWaiting();
    return content;
  }

  /** Cells that were sent along with one that failed are not run. */
  async function abortWaiting(): Promise<void> {
    await wait(onItsWayMs); // the client hears of the error only after this
    for (const request of shell) aborted.add(request);
  }

  async function interrupt(): Promise<Content> {
    await execution.interrupt();
    return { status: "ok" };
  }

  async function debug({ message: { content } }: Request): Promise<Content> {
    return { ...(await execution.child().debug(content as unknown as DebugRequest)) };
  }

  async function takeComm({ message: { header, content, metadata, buffers } }: Request): Promise<undefined> {
    const { comm_id: id, target_name: target, data } = content;
    if (typeof id !== "string") return;
    const type = header.msg_type as CommType;
    noteComm({ type, id, ...(typeof target === "string" && { target }) });
    await execution.comm(header, {
      type,
      id,
      ...(typeof target === "string" && { target }),
      data,
      metadata,
      buffers: buffers.map((bytes) => Buffer.from(bytes).toString("base64")),
    });
  }

  function publishComm(comm: CommMessage, parent?: MessageHeader): void {
    noteComm(comm);
    const { type, id, target, data, metadata = {}, buffers = [] } = comm;
    const content = { comm_id: id, data, ...(target !== undefined && { target_name: target }) };
    const bytes = buffers.map((text) => Buffer.from(text, "base64"));
    const message = newMessage(type, content, { session, parent, metadata, buffers: bytes });
    void channels.iopub.send(encode(message, connection.key, [Buffer.from(type)]));
  }

  function closeComms(): void {
    for (const id of [...comms.keys()]) publishComm({ type: "comm_close", id, data: {} });
  }

  function noteComm({ type, id, target = "" }: Pick<CommMessage, "type" | "id" | "target">): void {
    if (type === "comm_open") comms.set(id, target);
    else if (type === "comm_close") comms.delete(id);
  }

  function reply({ channel, identities, message: { header } }: Request, content: Content): void {
    const message = newMessage(header.msg_type.replace(/_request$/, "_reply"), content, { session, parent: header });
    void channel.send(encode(message, connection.key, identities));
  }

  async function shutDown(request: Request): Promise<void> {
    const { header, content } = request.message;
    publish("status", { execution_state: "busy" }, header);
    reply(request, { status: "ok", restart: content["restart"] === true });
    publish("status", { execution_state: "idle" }, header);
    await stop(0);
  }

  async function stop(code: number): Promise<void> {
    if (stopping) return;
    stopping = true;
    execution.flush();
    history.save();
    checks.close();
    await execution.child().end();
    await Promise.all([channels.iopub, channels.shell, channels.control].map((channel) => channel.drained()));
    await wait(lastWordsMs);
    channels.close();
    process.exit(code);
  }

  async function takeInput(): Promise<void> {
    for await (const frames of channels.stdin) {
      const request = read(channels.stdin, frames);
      if (request?.message.header.msg_type !== "input_reply") continue;
      const { value } = request.message.content;
      execution.input(typeof value === "string" ? value : "");
    }
  }

  async function echoHeartbeat(): Promise<void> {
    for await (const frames of channels.heartbeat) await channels.heartbeat.send(frames);
  }

  /** JEP 65: a subscriber that has been welcomed misses nothing from then on. */
  async function welcomeSubscribers(): Promise<void> {
    for await (const [subscription] of channels.iopub) {
      if (subscription?.[0] !== 1) continue;
      const topic = subscription.subarray(1);
      const content = { subscription: Buffer.from(topic).toString() };
      const message = newMessage("iopub_welcome", content, { session });
      void channels.iopub.send(encode(message, connection.key, [topic]));
    }
  }
}

function isCommType(type: string): boolean {
  return type === "comm_open" || type === "comm_msg" || type === "comm_close";
}

function failure(error: unknown): Content {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { status: "error", ename: name, evalue: message, traceback: [] };
}
