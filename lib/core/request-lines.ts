// A reply of JSON lines, one value after the other as they arrive: a server may have more than memory holds.
import { refusalOf, ServerError, unreachable } from "./request-json.ts";
import type { ServerAddress } from "./settings.ts";

/**
 * Sends one request and reads its reply line by line. Leaving the loop early ends the reply.
 *
 * @param body sent as JSON
 * @throws ServerError refused (status ≥ 400), no answer, or one that broke off
 */
export async function* requestLines<T>(server: ServerAddress, path: string, body: unknown): AsyncGenerator<T> {
  const reply = await fetch(server.url + path, {
    method: "POST",
    headers: {
      ...(server.token && { authorization: `Bearer ${server.token}` }),
      "content-type": "application/json",
      accept: "application/x-ndjson",
    },
    body: JSON.stringify(body),
  }).catch((cause: unknown) => {
    throw unreachable(server, cause);
  });
  if (!reply.ok || !reply.body) throw refusalOf(await reply.text(), reply);
  const decoder = new TextDecoder();
  let rest = "";
  const chunks = reply.body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value, done } = await chunks.next().catch((cause: unknown) => {
        throw new ServerError(`Cannot read the reply of ${path}: it broke off`, 0, "unreachable", { cause });
      });
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split("\n");
      rest = done ? "" : lines.pop()!;
      for (const line of lines) if (line !== "") yield JSON.parse(line) as T;
      if (done) return;
    }
  } finally {
    await chunks.return?.();
  }
}
