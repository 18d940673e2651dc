// The browser's way to the server: JSON in, JSON out, every refusal as one ApiError. Same origin, session cookie.
import type { ErrorBody, ErrorCode } from "../../../lib/contract/errors.ts";
import { ask, type Reply, takeAsked } from "./asked-ahead.ts";

/** `offline` means that no reply came at all. */
export type FailureCode = ErrorCode | "offline";

export class ApiError extends Error {
  readonly code: FailureCode;
  readonly requestId: string | undefined;
  /** Where in the notebook a model threw. */
  readonly place: string | undefined;

  constructor(code: FailureCode, message: string, { requestId, place }: { requestId?: string; place?: string } = {}) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.requestId = requestId;
    this.place = place;
  }
}

export function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return requestJson<T>(path, { signal: signal ?? null });
}

export function postJson<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return sendJson<T>("POST", path, body, signal);
}

export function patchJson<T>(path: string, body: unknown): Promise<T> {
  return sendJson<T>("PATCH", path, body);
}

/** Whatever the reply holds, the thing is gone. */
export async function deleteAt(path: string): Promise<void> {
  const reply = await reach(path, { method: "DELETE" });
  if (!reply.ok) throw refusal(reply, parseOrNothing(reply.text));
}

/** A text that grows, from a byte on; `end` is where the next read goes on. */
export async function getLog(path: string, from: number, signal?: AbortSignal): Promise<{ text: string; end: number }> {
  const reply = await reach(`${path}?from=${from}`, { signal: signal ?? null });
  if (!reply.ok) throw refusal(reply, parseOrNothing(reply.text));
  return { text: reply.text, end: Number(reply.headers.get("x-log-end") ?? from) };
}

function sendJson<T>(method: string, path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const headers = { "content-type": "application/json" };
  return requestJson<T>(path, { method, headers, body: JSON.stringify(body), signal: signal ?? null });
}

async function requestJson<T>(path: string, init: RequestInit): Promise<T> {
  const reply = await reach(path, init);
  const body = parseOrNothing(reply.text);
  if (!reply.ok) throw refusal(reply, body);
  if (body === undefined) throw new ApiError("internal", `Cannot read the reply of ${path}: found no JSON`);
  return body as T;
}

async function reach(path: string, init: RequestInit): Promise<Reply> {
  try {
    const asked = init.method === undefined ? takeAsked(path) : undefined;
    return await (asked ?? ask(path, init));
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError("offline", "The server did not answer.");
  }
}

function refusal(reply: Reply, body: unknown): ApiError {
  const error = (body as Partial<ErrorBody> | undefined)?.error;
  const requestId = error?.requestId ?? reply.headers.get("x-request-id") ?? undefined;
  const place = placeOf(error);
  return new ApiError(error?.code ?? codeOf(reply.status), error?.message ?? `The server answered ${reply.status}.`, {
    ...(requestId ? { requestId } : {}),
    ...(place ? { place } : {}),
  });
}

function placeOf(error: ErrorBody["error"] | undefined): string | undefined {
  if (!error?.cell) return undefined;
  return error.line === undefined ? error.cell : `${error.cell}, line ${error.line}`;
}

function codeOf(status: number): ErrorCode {
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  if (status === 404) return "not_found";
  return "internal";
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
