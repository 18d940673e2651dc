// A kernel on this machine: its process and the conversation with it, behind the interface that a kernel anywhere has.
import { randomUUID } from "node:crypto";
import { type Conversation, converse } from "./conversation.ts";
import {
  type ExecuteReplyMessage,
  type KernelConnection,
  KernelDiedError,
  type KernelFuture,
  type KernelInfo,
  type KernelMessage,
  type KernelStatus,
  type RawMessage,
  type Reply,
} from "./kernel-connection.ts";
import { type KernelProcess, type KernelProcessOptions, startProcess } from "./kernel-process.ts";
import type { LocalKernelspec } from "./kernelspecs.ts";
import { createSignal, type Emitter } from "./signal.ts";
import { correctTslab } from "./tslab-correction.ts";

export interface LocalKernelOptions extends KernelProcessOptions {
  readonly spec: LocalKernelspec;
  readonly timeoutMs: number;
}

const shutdownMs = 3000;
const interruptMs = 10_000;
/** A publisher forgets what it sends before its subscriber is there; a reply whose idle is late by this is asked for again. */
const askAgainMs = 60;
/** Another process may take a port between the choosing and the binding; stock tslab, very rarely, never answers. */
const attempts = 3;
const portTaken = /EADDRINUSE|address already in use/i;

/** @throws KernelDiedError it ended before it answered · Error it did not answer in time */
export async function startLocalKernel(options: LocalKernelOptions): Promise<KernelConnection> {
  const kernel = new LocalKernel(options);
  await kernel.start();
  return kernel;
}

/** It did not answer in its time. */
class SilentKernelError extends Error {
  override name = "SilentKernelError";
}

class LocalKernel implements KernelConnection {
  readonly id: string = randomUUID();
  readonly name: string;
  readonly statusChanged: Emitter<KernelConnection, KernelStatus> = createSignal(this);
  readonly iopubMessage: Emitter<KernelConnection, KernelMessage> = createSignal(this);
  readonly disposed: Emitter<KernelConnection, void> = createSignal(this);
  #status: KernelStatus = "starting";
  #disposed = false;
  #info!: Promise<KernelInfo>;
  #process!: KernelProcess;
  #conversation!: Conversation;
  readonly #options: LocalKernelOptions;

  constructor(options: LocalKernelOptions) {
    this.#options = options;
    this.name = options.spec.name;
  }

  get status(): KernelStatus {
    return this.#status;
  }
  get info(): Promise<KernelInfo> {
    return this.#info;
  }
  get isDisposed(): boolean {
    return this.#disposed;
  }

  /** The first process has half of the time, so that another one still can answer. */
  async start(): Promise<void> {
    const startedMs = performance.now();
    for (let attempt = 1; ; attempt++) {
      const leftMs = startedMs + this.#options.timeoutMs - performance.now();
      try {
        return await this.#startOnce(attempt === 1 ? leftMs / 2 : leftMs);
      } catch (error) {
        const silent = error instanceof SilentKernelError && attempt === 1;
        if ((!silent && !portTaken.test((error as Error).message)) || attempt === attempts) throw error;
      }
    }
  }

  async #startOnce(withinMs: number): Promise<void> {
    const { spec, timeoutMs } = this.#options;
    const owned = await startProcess(spec, this.#options);
    this.#process = owned;
    this.#conversation = converse(owned.connection, {
      onMessage: (message) => this.#notice(message),
      correction: spec.tslab ? correctTslab : undefined,
    });
    const conversation = this.#conversation;
    void owned.ended.then((how) => {
      if (this.#process !== owned) return;
      conversation.close(died(spec.name, how, owned.lastWords()));
      this.#become("dead");
    });
    try {
      const info = await within(withinMs, this.#answer(owned, conversation), () => {
        const said = owned.lastWords();
        return new SilentKernelError(
          `Cannot start kernel ${spec.name}: found no answer in ${timeoutMs / 1000} s, expected one${said && `\n${said}`}`,
        );
      });
      this.#info = Promise.resolve(info);
      owned.removeConnectionFile();
      this.#become("idle");
    } catch (error) {
      owned.kill();
      conversation.close(error as Error);
      throw error;
    }
  }

  /** Asks until both its reply and, on iopub, its idle are here: from then on no message is missed. */
  async #answer(owned: KernelProcess, conversation: Conversation): Promise<KernelInfo> {
    let again: NodeJS.Timeout | undefined;
    let watch: NodeJS.Timeout | undefined;
    try {
      return await new Promise<KernelInfo>((resolve, reject) => {
        const ask = () => {
          const question = conversation.request<Reply<KernelInfo>>("kernel_info_request", {});
          question.onReply = () => (again = setTimeout(ask, askAgainMs));
          question.done.then(({ content }) => resolve(content as KernelInfo), reject);
        };
        ask();
        watch = setInterval(() => {
          const words = owned.lastWords(); // tslab tells that a port is taken and stays
          if (portTaken.test(words)) reject(died(this.name, "a port was taken", words));
        }, 200);
      });
    } finally {
      clearTimeout(again);
      clearInterval(watch);
    }
  }

  requestExecute(
    content: Parameters<KernelConnection["requestExecute"]>[0],
    disposeOnDone = true,
  ): KernelFuture<ExecuteReplyMessage> {
    const defaults = {
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: false,
    };
    return this.#conversation.request("execute_request", { ...defaults, ...content }, { disposeOnDone });
  }

  requestKernelInfo(): Promise<Reply<KernelInfo>> {
    return this.#ask("kernel_info_request", {});
  }
  requestComplete(
    content: Parameters<KernelConnection["requestComplete"]>[0],
  ): ReturnType<KernelConnection["requestComplete"]> {
    return this.#ask("complete_request", content);
  }
  requestInspect(
    content: Parameters<KernelConnection["requestInspect"]>[0],
  ): ReturnType<KernelConnection["requestInspect"]> {
    return this.#ask("inspect_request", content);
  }
  requestIsComplete(content: { code: string }): ReturnType<KernelConnection["requestIsComplete"]> {
    return this.#ask("is_complete_request", content);
  }
  requestCommInfo(content: { target_name?: string }): ReturnType<KernelConnection["requestCommInfo"]> {
    return this.#ask("comm_info_request", content);
  }
  async requestHistory(
    content: Parameters<KernelConnection["requestHistory"]>[0],
  ): Promise<Awaited<ReturnType<KernelConnection["requestHistory"]>>> {
    if (!this.#options.spec.tslab) return await this.#ask("history_request", content);
    const { msg } = this.#conversation.request("kernel_info_request", {}); // tslab never answers; it keeps no history
    return { ...msg, content: { status: "ok", history: [] } };
  }

  async interrupt(): Promise<void> {
    if (this.#options.spec.interrupt === "signal") return this.#process.interrupt();
    const { done } = this.#conversation.request("interrupt_request", {}, { channel: "control" });
    const late = () => new Error(`Cannot interrupt kernel ${this.name}: found no answer in ${interruptMs / 1000} s`);
    await within(interruptMs, done, late);
  }

  async restart(): Promise<void> {
    this.#become("restarting");
    const old = this.#process;
    this.#conversation.close(new Error(`The kernel ${this.name} was restarted`));
    old.kill();
    await old.ended;
    await this.start();
  }

  async shutdown(): Promise<void> {
    if (this.#disposed) return;
    this.#become("terminating");
    const owned = this.#process;
    if (!owned.hasEnded) {
      this.#conversation.request("shutdown_request", { restart: false }, { channel: "control" });
      await within(shutdownMs, owned.ended, () => new Error("")).catch(() => owned.kill());
      await owned.ended;
    }
    this.dispose();
    this.#become("dead");
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#conversation.close(new Error(`The conversation with kernel ${this.name} was ended`));
    this.disposed.emit();
  }

  async #ask<R extends KernelMessage>(type: string, content: object): Promise<R> {
    return await this.#conversation.request<R>(type, content).done;
  }

  #notice(message: RawMessage): void {
    if (message.channel !== "iopub") return;
    if (message.header.msg_type === "status") this.#become(message.content["execution_state"] as KernelStatus);
    this.iopubMessage.emit(message);
  }

  #become(status: KernelStatus): void {
    if (this.#status === status || (this.#status === "terminating" && status !== "dead")) return;
    this.#status = status;
    this.statusChanged.emit(status);
  }
}

function died(name: string, how: string, lastWords: string): KernelDiedError {
  return new KernelDiedError(`The kernel ${name} died: ${how}${lastWords && `\n${lastWords}`}`);
}

async function within<T>(ms: number, promise: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
