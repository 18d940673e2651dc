// What the rest of the house may ask of a kernel, wherever it runs: the part of @jupyterlab/services' IKernelConnection that is
// used, so that one of theirs (a kernel on a Jupyter server) can stand in for ours. Types only; a test holds the two together.
import type {
  Content,
  ErrorContent,
  ExecuteRequest,
  LanguageInfo,
  MessageHeader,
  MimeBundle,
} from "../protocol/message.ts";

export type KernelStatus =
  | "unknown"
  | "starting"
  | "idle"
  | "busy"
  | "terminating"
  | "restarting"
  | "autorestarting"
  | "dead";

export interface KernelMessage<C extends object = object> {
  readonly channel: string;
  readonly header: MessageHeader;
  readonly parent_header: MessageHeader | object;
  readonly metadata: object;
  readonly content: C;
}

/** Before its type is known. */
export type RawMessage = KernelMessage<Content>;

/** A reply's content: what was asked for when status is ok, else what went wrong. */
export type Reply<C extends object = object> = KernelMessage<
  { readonly status: "ok" | "error" | "abort" | "aborted" } & Partial<C> & Partial<ErrorContent>
>;

export interface KernelInfo {
  readonly protocol_version: string;
  readonly implementation: string;
  readonly implementation_version: string;
  readonly language_info: Partial<LanguageInfo> & { readonly name: string };
  readonly banner: string;
}

export type ExecuteReplyMessage = Reply<{ readonly execution_count: number | null }>;

export interface Signal<S, A> {
  connect(slot: (sender: S, args: A) => void): boolean;
  disconnect(slot: (sender: S, args: A) => void): boolean;
}

/** One request under way. Handlers are set right after the request; they see messages in the order they come. */
export interface KernelFuture<R extends KernelMessage = Reply> {
  readonly msg: KernelMessage;
  /** The reply, when it and the kernel's idle are here. Rejects when the kernel dies or is restarted. */
  readonly done: Promise<R>;
  readonly isDisposed: boolean;
  onReply(message: R): unknown;
  onIOPub(message: KernelMessage): unknown;
  onStdin(message: KernelMessage): unknown;
  sendInputReply(content: { status: "ok"; value: string }, parent: MessageHeader): void;
  dispose(): void;
}

export interface KernelConnection {
  readonly id: string;
  /** The kernelspec's. */
  readonly name: string;
  readonly status: KernelStatus;
  readonly info: Promise<KernelInfo>;
  readonly isDisposed: boolean;
  readonly statusChanged: Signal<KernelConnection, KernelStatus>;
  /** Every message of the iopub channel, whoever asked. */
  readonly iopubMessage: Signal<KernelConnection, KernelMessage>;
  readonly disposed: Signal<KernelConnection, void>;
  /** @param disposeOnDone false: output that comes after the reply still reaches the handlers. Default true */
  requestExecute(content: ExecuteRequest, disposeOnDone?: boolean): KernelFuture<ExecuteReplyMessage>;
  requestKernelInfo(): Promise<Reply<KernelInfo> | undefined>;
  requestComplete(content: {
    code: string;
    cursor_pos: number;
  }): Promise<Reply<{ matches: string[]; cursor_start: number; cursor_end: number; metadata: object }>>;
  requestInspect(content: {
    code: string;
    cursor_pos: number;
    detail_level: 0 | 1;
  }): Promise<Reply<{ found: boolean; data: MimeBundle; metadata: object }>>;
  requestIsComplete(content: { code: string }): Promise<KernelMessage<{ status: string; indent?: string }>>;
  requestHistory(content: HistoryRequest): Promise<Reply<{ history: unknown[] }>>;
  requestCommInfo(content: { target_name?: string }): Promise<Reply<{ comms: object }>>;
  interrupt(): Promise<void>;
  /** A fresh process under the same id; what was under way is rejected. */
  restart(): Promise<void>;
  shutdown(): Promise<void>;
  /** Ends the conversation, not the kernel. */
  dispose(): void;
}

export type HistoryRequest = { output: boolean; raw: boolean } & (
  | { hist_access_type: "tail"; n: number }
  | { hist_access_type: "range"; session: number; start: number; stop: number }
  | { hist_access_type: "search"; pattern: string; n: number; unique: boolean }
);

/** The kernel's process ended, or never came up. */
export class KernelDiedError extends Error {
  override name = "KernelDiedError";
}
