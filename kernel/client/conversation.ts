// Requests out, their answers back to whoever asked: one ZeroMQ conversation with one kernel process. Knows no processes.
import { randomUUID } from "node:crypto";
import type { ConnectionInfo } from "../protocol/connection-file.ts";
import { type Message, newMessage } from "../protocol/message.ts";
import { type ChannelName, connectChannels } from "../protocol/sockets.ts";
import { decode, encode } from "../protocol/wire.ts";
import type { KernelFuture, KernelMessage, RawMessage, Reply } from "./kernel-connection.ts";

export interface Conversation {
  request<R extends KernelMessage = Reply>(type: string, content: object, options?: RequestOptions): KernelFuture<R>;
  /** Ends it; what is under way is rejected. */
  close(reason: Error): void;
}

export interface RequestOptions {
  /** Default shell. */
  readonly channel?: "shell" | "control";
  /** Forget the request when it is done. Default true. */
  readonly disposeOnDone?: boolean;
  /** Do not send before it resolves. */
  readonly after?: Promise<unknown> | undefined;
}

/** Hands on messages of a kernel that speaks a dialect in the form they should have. */
export type Correction = (deliver: (message: RawMessage) => void) => {
  receive(message: RawMessage): void;
  /** What to wait for before the next execute request may leave. */
  ready?(): Promise<unknown> | undefined;
};

export interface ConversationOptions {
  /** Every message, before it reaches its request. */
  readonly onMessage?: (message: RawMessage) => void;
  readonly correction?: Correction | undefined;
}

export function converse(
  connection: ConnectionInfo,
  { onMessage = () => {}, correction }: ConversationOptions = {},
): Conversation {
  const session = randomUUID();
  const channels = connectChannels(connection, session);
  const pending = new Map<string, Pending>();
  let closed: Error | undefined;
  const corrected = correction?.(deliver);
  const receive = corrected ? corrected.receive : deliver;
  for (const name of ["shell", "control", "stdin", "iopub"] as const) void listen(name);

  return {
    request(type, content, { channel = "shell", disposeOnDone = true, after } = {}) {
      const message = newMessage(type, content, { session });
      const future = createFuture(message, channel, sendInput);
      const id = message.header.msg_id;
      const forget = () => pending.delete(id);
      future.onDispose = forget;
      future.onSettled = () => disposeOnDone && future.dispose();
      if (closed) future.fail(closed);
      else {
        pending.set(id, future);
        void send();
      }
      return future as never;

      async function send(): Promise<void> {
        await after;
        if (type === "execute_request") await corrected?.ready?.();
        if (closed || future.isDisposed) return;
        await channels[channel].send(encode(message, connection.key)).catch((error: Error) => future.fail(error));
      }
    },
    close(reason) {
      if (closed) return;
      closed = reason;
      channels.close();
      for (const future of [...pending.values()]) future.fail(reason);
      pending.clear();
    },
  };

  async function listen(name: ChannelName): Promise<void> {
    for await (const frames of channels[name]) {
      let message: Message;
      try {
        ({ message } = decode(frames, connection.key));
      } catch {
        continue; // forged or garbled: not from our kernel
      }
      receive({ channel: name, ...message });
    }
  }

  function deliver(message: RawMessage): void {
    if (closed) return;
    onMessage(message);
    const { msg_id: parent } = message.parent_header as { msg_id?: string };
    if (parent !== undefined) pending.get(parent)?.handle(message);
  }

  function sendInput(content: object, parent: Message["header"]): void {
    const message = newMessage("input_reply", content, { session, parent });
    void channels.stdin.send(encode(message, connection.key));
  }
}

interface Pending extends KernelFuture<KernelMessage> {
  handle(message: RawMessage): void;
  fail(error: Error): void;
  onDispose: () => void;
  onSettled: () => void;
}

function createFuture(
  message: Message<object>,
  channel: string,
  sendInput: (content: object, parent: Message["header"]) => void,
): Pending {
  let reply: RawMessage | undefined;
  let idle = false;
  let settle!: { resolve: (reply: RawMessage) => void; reject: (error: Error) => void };
  const done = new Promise<RawMessage>((resolve, reject) => {
    settle = { resolve, reject };
  });
  done.catch(() => {}); // whoever waits for it gets the rejection; nobody has to
  let isDisposed = false;
  const future: Pending = {
    msg: { channel, ...message },
    done,
    get isDisposed() {
      return isDisposed;
    },
    onReply() {},
    onIOPub() {},
    onStdin() {},
    onDispose() {},
    onSettled() {},
    sendInputReply: sendInput,
    dispose() {
      isDisposed = true;
      future.onDispose();
    },
    handle(incoming) {
      if (incoming.channel === "stdin") return void future.onStdin(incoming);
      if (incoming.channel === "iopub") {
        const { execution_state: state } = incoming.content as { execution_state?: string };
        idle ||= incoming.header.msg_type === "status" && state === "idle";
        future.onIOPub(incoming);
      } else {
        reply = incoming;
        future.onReply(incoming);
      }
      if (!reply || !idle) return;
      settle.resolve(reply);
      future.onSettled();
    },
    fail(error) {
      settle.reject(error);
      future.dispose();
    },
  };
  return future;
}
