// Comms: lines between code in cells and code in the client (a widget, an inspector), opened by either side under a target's name.
// https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages

export type CommType = "comm_open" | "comm_msg" | "comm_close";

/** A comm's message on its way between parent and child; buffers as base64. */
export interface CommMessage {
  readonly type: CommType;
  readonly id: string;
  /** Of an open. */
  readonly target?: string;
  readonly data: unknown;
  readonly metadata?: Record<string, unknown>;
  readonly buffers?: readonly string[];
}

export interface CommDetails {
  readonly metadata: Record<string, unknown>;
  readonly buffers: readonly Uint8Array[];
}

export interface CommOptions {
  readonly metadata?: Record<string, unknown>;
  readonly buffers?: readonly Uint8Array[];
}

export interface Comm {
  readonly id: string;
  readonly target: string;
  /** @param data anything JSON can hold */
  send(data: unknown, options?: CommOptions): void;
  /** Called for each message from the other side, in order. */
  onMessage(take: (data: unknown, details: CommDetails) => unknown): void;
  /** Called once, when the other side closes. */
  onClose(take: (data: unknown) => unknown): void;
  close(data?: unknown): void;
}

/** On globalThis under Symbol.for("cellwright.comms"). */
export interface Comms {
  open(target: string, data?: unknown, options?: CommOptions): Comm;
  /** Takes comms that the client opens under the name; the latest registration counts. */
  registerTarget(target: string, take: (comm: Comm, data: unknown, details: CommDetails) => unknown): void;
}

interface Line {
  readonly comm: Comm;
  take?: (data: unknown, details: CommDetails) => unknown;
  closed?: (data: unknown) => unknown;
}

export interface CommHub extends Comms {
  /** A message from the client. @throws whatever a handler throws */
  receive(message: CommMessage): Promise<void>;
}

export function createComms(send: (message: CommMessage) => void): CommHub {
  const targets = new Map<string, Parameters<Comms["registerTarget"]>[1]>();
  const lines = new Map<string, Line>();

  function makeLine(id: string, target: string): Line {
    const line: Line = {
      comm: {
        id,
        target,
        send: (data, options) => {
          requireOpen(id, target);
          send({ type: "comm_msg", id, data, ...detailsToWire(options) });
        },
        onMessage: (take) => {
          line.take = take;
        },
        onClose: (take) => {
          line.closed = take;
        },
        close: (data = {}) => {
          if (lines.delete(id)) send({ type: "comm_close", id, data });
        },
      },
    };
    lines.set(id, line);
    return line;
  }

  function requireOpen(id: string, target: string): void {
    if (!lines.has(id)) throw new Error(`Cannot send to comm "${target}": found it closed, expected it open`);
  }

  async function accept({ id, target = "", data, ...rest }: CommMessage): Promise<void> {
    const take = targets.get(target);
    if (!take) return send({ type: "comm_close", id, data: {} });
    const { comm } = makeLine(id, target);
    await take(comm, data, detailsOf(rest));
  }

  return {
    open(target, data = {}, options) {
      const { comm } = makeLine(crypto.randomUUID(), target);
      send({ type: "comm_open", id: comm.id, target, data, ...detailsToWire(options) });
      return comm;
    },
    registerTarget: (target, take) => void targets.set(target, take),
    async receive(message) {
      if (message.type === "comm_open") return accept(message);
      const line = lines.get(message.id);
      if (message.type === "comm_msg") await line?.take?.(message.data, detailsOf(message));
      else {
        lines.delete(message.id);
        await line?.closed?.(message.data);
      }
    },
  };
}

function detailsOf({ metadata = {}, buffers = [] }: Partial<CommMessage>): CommDetails {
  return { metadata, buffers: buffers.map((text) => Buffer.from(text, "base64")) };
}

function detailsToWire({ metadata, buffers }: CommOptions = {}): Pick<CommMessage, "metadata" | "buffers"> {
  return {
    ...(metadata && { metadata }),
    ...(buffers && { buffers: buffers.map((bytes) => Buffer.from(bytes).toString("base64")) }),
  };
}
