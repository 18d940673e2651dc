// A kernel as its users see it: one id and one state over all the processes it has had. A process that ends by itself is
// followed by another one, unless it keeps ending. What is said while nobody listens is kept for the listener who left last.
import type { LocalKernelspec } from "../../../kernel/client/kernelspecs.ts";
import { newMessage } from "../../../kernel/protocol/message.ts";
import type { SealedMessage } from "../../../kernel/protocol/wire.ts";
import { type KernelActionEvent, tellDone, tellHow } from "./actions.ts";
import { createExecutions, type Executions, sizeOf } from "./executions.ts";
import {
  type AnswerChannel,
  type KernelLink,
  openKernelLink,
  type RequestChannel,
  readJson,
  stateOf,
  typeOf,
} from "./kernel-link.ts";

export interface Listener {
  /** The client's own, as it names it in the headers of its requests. */
  readonly session: string;
  hear(channel: AnswerChannel, message: SealedMessage): void;
}

/** Keys as the API names them. */
export interface KernelModel {
  readonly id: string;
  readonly name: string;
  readonly last_activity: string;
  readonly execution_state: string;
  readonly connections: number;
}

export interface Kernel {
  readonly id: string;
  /** Its working directory. */
  readonly cwd: string;
  /** Milliseconds since 1970. */
  readonly lastActivity: number;
  /** What cells have said whose page has gone. */
  readonly executions: Executions;
  model(): KernelModel;
  /** @returns what takes the listener off again */
  listen(listener: Listener): () => void;
  send(channel: RequestChannel, message: SealedMessage): void;
  interrupt(): void;
  /** A fresh process; resolves when it answers. */
  restart(): Promise<void>;
  shutDown(): Promise<void>;
}

export interface KernelOptions {
  readonly id: string;
  readonly spec: LocalKernelspec;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: () => number;
  /** Told of each interrupt, restart and end. */
  readonly onAction: (event: KernelActionEvent) => void;
}

const restartsInARow = 5;
/** A process that lived so long is no part of the row. */
const stableMs = 10_000;
const keptBytes = 64_000_000;

export async function startKernel({ id, spec, cwd, env, clock, onAction }: KernelOptions): Promise<Kernel> {
  const teller = { id, name: spec.name, onAction };
  const listeners = new Set<Listener>();
  const executions = createExecutions((session) => [...listeners].some((listener) => listener.session === session));
  let state = "starting";
  let lastActivity = clock();
  let restarts = 0;
  let startedAt = 0;
  let kept: Kept | undefined;
  /** A process whose end is our own doing. */
  let leaving: KernelLink | undefined;
  let link: KernelLink = await open();

  async function open(): Promise<KernelLink> {
    state = "starting";
    startedAt = clock();
    executions.clear();
    const opened = await openKernelLink({ spec, cwd, env, onMessage }).catch((error: unknown) => {
      tellState("dead");
      throw error;
    });
    void opened.ended.then(() => {
      if (link === opened && leaving !== opened) void comeBack();
    });
    opened.ready.then(nothingToDo, () => {}); // its end is told by `ended`
    return opened;
  }

  /** It answers, and has not been asked anything but that. */
  function nothingToDo(): void {
    lastActivity = clock();
    if (state === "starting") state = "idle";
  }

  function onMessage(channel: AnswerChannel, message: SealedMessage): void {
    lastActivity = clock();
    if (channel === "iopub" && typeOf(message.parts[0]!) === "status") state = stateOf(message.parts[3]!);
    const isOrphan = executions.hear(channel, message);
    if (channel === "iopub" || isOrphan) tell(channel, message);
    else tell(channel, message, sessionOf(message));
  }

  /** @param session whose it is; absent: everybody's */
  function tell(channel: AnswerChannel, message: SealedMessage, session?: string): void {
    for (const listener of listeners)
      if (session === undefined || listener.session === session) listener.hear(channel, message);
    if (listeners.size === 0 && kept && (session === undefined || kept.session === session))
      keep(kept, channel, message);
  }

  function tellState(next: string): void {
    state = next;
    const { header, parent_header, metadata } = newMessage("status", {}, { session: id });
    const parts = [header, parent_header, metadata, { execution_state: next }].map((part) =>
      Buffer.from(JSON.stringify(part)),
    );
    tell("iopub", { parts, buffers: [] });
  }

  /** The process ended by itself. */
  async function comeBack(): Promise<void> {
    if (clock() - startedAt > stableMs) restarts = 0;
    if (restarts++ >= restartsInARow) return tellState("dead");
    tellState("restarting");
    await tellHow(teller, "restart", open).then(
      (opened) => {
        link = opened;
      },
      () => {}, // it has told that it is dead
    );
  }

  return {
    id,
    cwd,
    executions,
    get lastActivity() {
      return lastActivity;
    },
    model: () => ({
      id,
      name: spec.name,
      last_activity: new Date(lastActivity).toISOString(),
      execution_state: state,
      connections: listeners.size,
    }),
    listen(listener) {
      listeners.add(listener);
      executions.rejoin(listener.session);
      if (kept?.session === listener.session)
        for (const { channel, message } of kept.messages) listener.hear(channel, message);
      kept = undefined;
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) kept = { session: listener.session, messages: [], bytes: 0 };
      };
    },
    send(channel, message) {
      lastActivity = clock();
      if (channel === "shell") executions.ask(message);
      link.send(channel, message);
    },
    interrupt() {
      link.interrupt();
      tellDone(teller, "interrupt");
    },
    restart: () =>
      tellHow(teller, "restart", async () => {
        leaving = link;
        await link.kill();
        restarts = 0;
        link = await open();
        await link.ready;
      }),
    shutDown: () =>
      tellHow(teller, "shutdown", async () => {
        leaving = link;
        await link.shutDown();
        tellState("dead");
      }),
  };
}

/** What was said since the last listener left. */
interface Kept {
  readonly session: string;
  readonly messages: { readonly channel: AnswerChannel; readonly message: SealedMessage }[];
  bytes: number;
}

/** The oldest go first when there is too much. */
function keep(kept: Kept, channel: AnswerChannel, message: SealedMessage): void {
  kept.messages.push({ channel, message });
  kept.bytes += sizeOf(message);
  while (kept.bytes > keptBytes) kept.bytes -= sizeOf(kept.messages.shift()!.message);
}

function sessionOf({ parts }: SealedMessage): string | undefined {
  return (readJson(parts[1]!) as { session?: string }).session;
}
