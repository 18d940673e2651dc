// The Debug Adapter Protocol as far as it is spoken here, over debug_request, debug_reply and debug_event.
// https://microsoft.github.io/debug-adapter-protocol/ and https://jupyter-client.readthedocs.io/en/stable/messaging.html#debug-request

export interface DebugRequest {
  readonly type: "request";
  readonly seq: number;
  readonly command: string;
  readonly arguments?: Record<string, unknown>;
}

export interface DebugResponse {
  readonly type: "response";
  readonly seq: number;
  readonly request_seq: number;
  readonly success: boolean;
  readonly command: string;
  /** What went wrong. */
  readonly message?: string;
  readonly body?: object;
}

export interface DebugEvent {
  readonly type: "event";
  readonly seq: number;
  readonly event: "initialized" | "stopped" | "continued" | "terminated";
  readonly body?: object;
}

export interface DebugVariable {
  readonly name: string;
  readonly value: string;
  readonly type?: string;
  readonly evaluateName: string;
  /** 0 where there is nothing inside. */
  readonly variablesReference: number;
}

/** The cells' thread is the one there is. */
export const threadId = 1;
