// One running kernel process and the bytes to and from it. Messages are passed on unread; only stock tslab's are read, to be put
// right. Knows no WebSockets and restarts nothing.
import { randomUUID } from "node:crypto";
import type { RawMessage } from "../../../kernel/client/kernel-connection.ts";
import { type KernelProcess, startProcess } from "../../../kernel/client/kernel-process.ts";
import type { LocalKernelspec } from "../../../kernel/client/kernelspecs.ts";
import { correctTslab } from "../../../kernel/client/tslab-correction.ts";
import { newMessage } from "../../../kernel/protocol/message.ts";
import { type ChannelName, type Channels, connectChannels } from "../../../kernel/protocol/sockets.ts";
import { type SealedMessage, seal, unseal } from "../../../kernel/protocol/wire.ts";
import { quote } from "../../../lib/core/check.ts";
import { KernelStartError } from "../../errors.ts";

export type RequestChannel = "shell" | "control" | "stdin";
export type AnswerChannel = RequestChannel | "iopub";

export interface KernelLink {
  /** Resolves when the kernel answers and nothing it says is missed any more. */
  readonly ready: Promise<void>;
  /** Resolves with how the process ended, in words. */
  readonly ended: Promise<string>;
  /** Sent when the kernel is ready, in the order given. */
  send(channel: RequestChannel, message: SealedMessage): void;
  interrupt(): void;
  /** Asks it to end; after a while it is ended. */
  shutDown(): Promise<void>;
  kill(): Promise<void>;
}

export interface KernelLinkOptions {
  readonly spec: LocalKernelspec;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** All it says, but answers to what the link itself asks. */
  readonly onMessage: (channel: AnswerChannel, message: SealedMessage) => void;
}

const startWithinMs = 60_000;
const shutDownWithinMs = 3000;
/** A publisher forgets what it says before its subscriber is there: then it is asked again. */
const askAgainMs = 60;
const lookEveryMs = 200;
const portTaken = /EADDRINUSE|address already in use/i;

/** @throws KernelStartError there is no process: its command does not exist, or may not run */
export async function openKernelLink({ spec, cwd, env, onMessage }: KernelLinkOptions): Promise<KernelLink> {
  const owned = await startProcess(spec, { cwd, env });
  if (!(await owned.started))
    throw new KernelStartError(`Cannot start kernel ${quote(spec.name)}: ${await owned.ended}`);
  const session = randomUUID();
  const ownBytes = Buffer.from(session);
  const channels = connectChannels(owned.connection, session);
  const { key } = owned.connection;
  const corrected = spec.tslab ? correctRaw(pass) : undefined;
  const first = askUntilAnswered(owned, (type) => ask("shell", type));
  const ready = first.answered.then(() => owned.removeConnectionFile());
  ready.catch(() => owned.kill());
  for (const name of ["shell", "control", "stdin", "iopub"] as const) void listen(name, channels);
  void owned.ended.then(() => channels.close());

  async function listen(name: AnswerChannel, from: Channels): Promise<void> {
    for await (const frames of from[name]) {
      const message = unsealed(frames, key);
      if (!message) continue; // forged or garbled: not from our kernel
      if (includes(message.parts[1]!, ownBytes)) first.hear(name, message);
      else if (corrected) corrected.receive(name, message);
      else pass(name, message);
    }
  }

  function pass(name: AnswerChannel, message: SealedMessage): void {
    onMessage(name, message);
  }

  function ask(channel: RequestChannel, type: string, content: object = {}): void {
    const { header, parent_header, metadata } = newMessage(type, {}, { session });
    const parts = [header, parent_header, metadata, content].map((part) => Buffer.from(JSON.stringify(part)));
    void channels[channel].send(seal({ parts, buffers: [] }, key));
  }

  async function send(channel: RequestChannel, message: SealedMessage): Promise<void> {
    try {
      await ready;
    } catch {
      return; // whoever waits is told that the kernel is dead
    }
    if (corrected && channel === "shell") await corrected.ready();
    await channels[channel].send(seal(message, key));
  }

  return {
    ready,
    ended: owned.ended,
    send: (channel, message) => void send(channel, message),
    interrupt: () => (spec.interrupt === "signal" ? owned.interrupt() : ask("control", "interrupt_request")),
    async shutDown() {
      if (!owned.hasEnded) ask("control", "shutdown_request", { restart: false });
      const late = setTimeout(() => owned.kill(), shutDownWithinMs);
      await owned.ended;
      clearTimeout(late);
    },
    async kill() {
      owned.kill();
      await owned.ended;
    },
  };
}

interface FirstAnswer {
  readonly answered: Promise<void>;
  /** An answer to one of our own questions. */
  hear(channel: AnswerChannel, message: SealedMessage): void;
}

/** Asks for the kernel's info until both its reply and, on iopub, its idle have come. */
function askUntilAnswered(owned: KernelProcess, ask: (type: string) => void): FirstAnswer {
  let again: NodeJS.Timeout | undefined;
  let settle!: { resolve: () => void; reject: (error: Error) => void };
  const answered = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  const fail = (why: string): void => {
    const said = owned.lastWords();
    settle.reject(new Error(`Cannot start the kernel: ${why}${said && `\n${said}`}`));
  };
  const late = setTimeout(fail, startWithinMs, `found no answer in ${startWithinMs / 1000} s, expected one`);
  const look = setInterval(() => portTaken.test(owned.lastWords()) && fail("a port was taken"), lookEveryMs); // tslab tells it, and stays
  void owned.ended.then((how) => fail(how));
  const stop = (): void => {
    for (const timer of [again, late, look]) clearTimeout(timer);
  };
  answered.then(stop, stop);
  ask("kernel_info_request");
  return {
    answered,
    hear(channel, { parts: [header, , , content] }) {
      if (channel === "shell") again = setTimeout(ask, askAgainMs, "kernel_info_request");
      else if (channel === "iopub" && typeOf(header!) === "status" && stateOf(content!) === "idle") {
        settle.resolve();
        clearTimeout(again);
      }
    },
  };
}

export function typeOf(header: Uint8Array): string {
  return (readJson(header) as { msg_type: string }).msg_type;
}

export function stateOf(content: Uint8Array): string {
  return (readJson(content) as { execution_state: string }).execution_state;
}

export function readJson(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
}

function unsealed(frames: readonly Uint8Array[], key: string): SealedMessage | undefined {
  try {
    return unseal(frames, key);
  } catch {
    return undefined;
  }
}

function includes(bytes: Uint8Array, part: Buffer): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(part);
}

/** Stock tslab's dialect put right: its messages are read and written anew. */
function correctRaw(pass: (channel: AnswerChannel, message: SealedMessage) => void) {
  const correction = correctTslab(({ channel, header, parent_header, metadata, content, ...rest }) => {
    const parts = [header, parent_header, metadata, content].map((part) => Buffer.from(JSON.stringify(part)));
    const { buffers = [] } = rest as { buffers?: readonly Uint8Array[] };
    pass(channel as AnswerChannel, { parts, buffers });
  });
  return {
    receive(channel: ChannelName, { parts, buffers }: SealedMessage): void {
      const [header, parent_header, metadata, content] = parts.map(readJson);
      correction.receive({ channel, header, parent_header, metadata, content, buffers } as unknown as RawMessage);
    },
    ready: async () => correction.ready?.(),
  };
}
