// One JSON request to a Cellwright server, with its refusals as errors that say what the server said.
import type { ServerAddress } from "./settings.ts";

/** A server refused a request, or none answered. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  /** HTTP status; 0 when nobody answered. */
  readonly status: number;
  /** The server's word for the refusal: `not_found`, `conflict`, … */
  readonly code: string;

  constructor(message: string, status: number, code: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.status = status;
    this.code = code;
  }
}

/**
 * Sends one request and reads its JSON reply.
 *
 * @param server an empty token sends none
 * @param body sent as JSON; bytes are sent as they are
 * @throws ServerError refused (status ≥ 400) or no answer
 */
export async function requestJson<T>(
  server: ServerAddress,
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
): Promise<T> {
  const bytes = body instanceof Uint8Array;
  const reply = await fetch(server.url + path, {
    method,
    headers: {
      ...(server.token && { authorization: `Bearer ${server.token}` }),
      ...(body !== undefined && {
        "content-type": bytes ? "application/octet-stream" : "application/json",
      }),
    },
    ...(body !== undefined && {
      body: bytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body),
    }),
  }).catch((cause: unknown) => {
    throw unreachable(server, cause);
  });
  const text = await reply.text();
  if (reply.ok) return (text ? JSON.parse(text) : undefined) as T;
  throw refusalOf(text, reply);
}

/** Nobody answered. */
export function unreachable({ url }: ServerAddress, cause: unknown): ServerError {
  const message = `Cannot reach ${url}: expected a running server (npm start)`;
  return new ServerError(message, 0, "unreachable", { cause });
}

/** What a reply of status 400 or more says. */
export function refusalOf(text: string, reply: Response): ServerError {
  const { code, message } = refusalIn(text, reply);
  return new ServerError(message, reply.status, code);
}

function refusalIn(text: string, reply: Response): { code: string; message: string } {
  try {
    const { error } = JSON.parse(text) as {
      error: { code: string; message: string };
    };
    return { code: error.code, message: error.message };
  } catch {
    return {
      code: "internal",
      message: `Cannot read the reply of ${reply.url}: found ${reply.status} ${reply.statusText}`,
    };
  }
}
