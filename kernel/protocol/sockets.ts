// The five channels over ZeroMQ, for a kernel (it binds) and for its client (it connects). The one place that imports zeromq.
// Sends are queued: zeromq refuses a send while another is under way, and unqueued ones are lost (EBUSY after 512).
import { Dealer, Reply, Request, Router, Subscriber, XPublisher } from "zeromq";
import type { ConnectionInfo } from "./connection-file.ts";

/** Frames out, in order, none lost; frames in, by `for await`. */
export interface Channel extends AsyncIterable<Uint8Array[]> {
  /** Resolves when the frames are handed to ZeroMQ; after close it does nothing. */
  send(frames: readonly Uint8Array[]): Promise<void>;
  /** Resolves when all frames sent so far are handed over. */
  drained(): Promise<void>;
  /** Ends the iteration. What was handed over still goes out for `linger` ms. */
  close(): void;
}

export type ChannelName = "shell" | "control" | "stdin" | "iopub" | "heartbeat";
export type Channels = Readonly<Record<ChannelName, Channel>> & {
  close(): void;
};

const lingerMs = 1000;
const unlimited = {
  sendHighWaterMark: 0,
  receiveHighWaterMark: 0,
  linger: lingerMs,
};

/**
 * The kernel's side: three routers, a publisher and a heartbeat, bound. Iterating iopub gives the subscriptions
 * ([1 or 0, ...topic] in one frame), so that each can be welcomed.
 *
 * @throws Error a port is taken; nothing stays bound
 */
export async function bindChannels(connection: ConnectionInfo): Promise<Channels> {
  const sockets = {
    shell: new Router(unlimited),
    control: new Router(unlimited),
    stdin: new Router({ ...unlimited, mandatory: true }), // a question that cannot reach its client yet is an error, not gone
    iopub: new XPublisher({ ...unlimited, verbosity: "allSubs" }),
    heartbeat: new Reply({ linger: 0 }),
  };
  try {
    await Promise.all(named(sockets).map(([name, socket]) => socket.bind(addressOf(connection, name))));
  } catch (error) {
    for (const [, socket] of named(sockets)) socket.close();
    throw error;
  }
  return toChannels(sockets);
}

/** The client's side, connected. `identity` names it to the kernel: the session id, the same on every channel. */
export function connectChannels(connection: ConnectionInfo, identity: string): Channels {
  const dealer = () => new Dealer({ ...unlimited, routingId: identity });
  const sockets = {
    shell: dealer(),
    control: dealer(),
    stdin: dealer(),
    iopub: new Subscriber({ receiveHighWaterMark: 0, linger: 0 }),
    heartbeat: new Request({ linger: 0, relaxed: true, correlate: true }),
  };
  for (const [name, socket] of named(sockets)) socket.connect(addressOf(connection, name));
  sockets.iopub.subscribe();
  return toChannels(sockets);
}

/** Whether a channel refused a message because whoever it is for is not connected, or not yet. */
export function isUnreachable(error: unknown): boolean {
  return (error as { code?: string }).code === "EHOSTUNREACH";
}

function named<T extends object>(sockets: T): [ChannelName, T[keyof T]][] {
  return Object.entries(sockets) as [ChannelName, T[keyof T]][];
}

function addressOf({ transport, ip, ...ports }: ConnectionInfo, name: ChannelName): string {
  const port = ports[`${name === "heartbeat" ? "hb" : name}_port`];
  return transport === "ipc" ? `ipc://${ip}-${port}` : `tcp://${ip}:${port}`;
}

function toChannels(sockets: Record<ChannelName, RawSocket>): Channels {
  const channels = Object.fromEntries(named(sockets).map(([name, socket]) => [name, toChannel(socket)]));
  const all = channels as Record<ChannelName, Channel>;
  return {
    ...all,
    close: () => {
      for (const [, channel] of named(all)) channel.close();
    },
  };
}

interface RawSocket {
  readonly closed: boolean;
  close(): void;
  send?(frames: Uint8Array[]): Promise<void>;
  receive?(): Promise<Uint8Array[]>;
}

function toChannel(socket: RawSocket): Channel {
  const queue: {
    frames: Uint8Array[];
    resolve: () => void;
    reject: (error: unknown) => void;
  }[] = [];
  let sending = false;
  const idle: (() => void)[] = [];

  async function pump(): Promise<void> {
    sending = true;
    for (let next = queue[0]; next; next = queue[0]) {
      try {
        if (!socket.closed) await socket.send!(next.frames);
        next.resolve();
      } catch (error) {
        if (socket.closed) next.resolve();
        else next.reject(error);
      }
      queue.shift();
    }
    sending = false;
    for (const resolve of idle.splice(0)) resolve();
  }

  return {
    send: (frames) =>
      new Promise((resolve, reject) => {
        if (!socket.send) throw new TypeError("Cannot send: found a subscriber, expected a channel that sends");
        if (socket.closed) return resolve();
        queue.push({ frames: [...frames], resolve, reject });
        if (!sending) void pump();
      }),
    drained: () => new Promise((resolve) => (sending ? idle.push(resolve) : resolve())),
    close: () => socket.close(),
    async *[Symbol.asyncIterator]() {
      while (!socket.closed) {
        try {
          yield await socket.receive!();
        } catch (error) {
          if (!socket.closed) throw error;
        }
      }
    },
  };
}
