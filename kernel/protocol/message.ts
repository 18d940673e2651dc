// Jupyter's messages (protocol 5.4): their parts, and how a new one is made. Knows no bytes and no sockets.
// https://jupyter-client.readthedocs.io/en/stable/messaging.html
import { randomUUID } from "node:crypto";

export const protocolVersion = "5.4";

export interface MessageHeader {
  msg_id: string;
  msg_type: string;
  session: string;
  username: string;
  /** ISO 8601. */
  date: string;
  version: string;
}

/** Content is what the message type says; a reader narrows it. */
export type Content = Record<string, unknown>;

export interface Message<C extends object = Content> {
  header: MessageHeader;
  /** The header of the request this answers; empty when there is none. */
  parent_header: MessageHeader | Record<string, never>;
  metadata: Record<string, unknown>;
  content: C;
  buffers: Uint8Array[];
}

/** Data by MIME type, each a string or JSON. */
export type MimeBundle = Record<string, unknown>;

export interface StatusContent {
  execution_state: "starting" | "busy" | "idle";
}
export interface ExecuteRequest {
  code: string;
  silent?: boolean;
  store_history?: boolean;
  user_expressions?: Record<string, string>;
  allow_stdin?: boolean;
  stop_on_error?: boolean;
}
export interface ErrorContent {
  ename: string;
  evalue: string;
  traceback: string[];
}
export interface ExecuteReply extends Partial<ErrorContent> {
  status: "ok" | "error" | "aborted";
  execution_count: number;
  payload?: unknown[];
  user_expressions?: Record<string, unknown>;
}
export interface StreamContent {
  name: "stdout" | "stderr";
  text: string;
}
export interface DisplayContent {
  data: MimeBundle;
  metadata: Record<string, unknown>;
  transient?: { display_id?: string };
}
export interface ExecuteResultContent extends DisplayContent {
  execution_count: number;
}
export interface CompleteReply {
  status: "ok";
  matches: string[];
  /** In code points, as the cursor of the request. */
  cursor_start: number;
  cursor_end: number;
  metadata: Record<string, unknown>;
}
export interface InspectReply {
  status: "ok";
  found: boolean;
  data: MimeBundle;
  metadata: Record<string, unknown>;
}
export interface IsCompleteReply {
  status: "complete" | "incomplete" | "invalid" | "unknown";
  /** What to start the next line with; only when incomplete. */
  indent?: string;
}
export interface LanguageInfo {
  name: string;
  version: string;
  mimetype: string;
  file_extension: string;
  pygments_lexer?: string;
  codemirror_mode?: unknown;
  nbconvert_exporter?: string;
}
export interface KernelInfoReply {
  status: "ok";
  protocol_version: string;
  implementation: string;
  implementation_version: string;
  language_info: LanguageInfo;
  banner: string;
  help_links: { text: string; url: string }[];
  supported_features?: string[];
}

export interface NewMessageOptions {
  session: string;
  parent?: MessageHeader | undefined;
  metadata?: Record<string, unknown>;
  buffers?: Uint8Array[];
  /** Default "cellwright". */
  username?: string;
}

export function newMessage<C extends object>(
  type: string,
  content: C,
  { session, parent, metadata = {}, buffers = [], username = "cellwright" }: NewMessageOptions,
): Message<C> {
  const date = new Date().toISOString();
  return {
    header: {
      msg_id: randomUUID(),
      msg_type: type,
      session,
      username,
      date,
      version: protocolVersion,
    },
    parent_header: parent ?? {},
    metadata,
    content,
    buffers,
  };
}
