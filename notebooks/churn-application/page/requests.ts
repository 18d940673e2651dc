// The page's questions to its own server.
export async function ask<T>(path: string, body?: unknown): Promise<T> {
  const reply = await fetch(`api/${path}`, {
    ...(body !== undefined && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  }).catch(() => {
    throw new Error("The application does not answer: it may be restarting.");
  });
  const text = await reply.text();
  if (reply.ok) return JSON.parse(text) as T;
  throw new Error(messageIn(text) ?? `The application answered with status ${reply.status}.`);
}

function messageIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { error: { message: string } }).error.message;
  } catch {
    return undefined;
  }
}

const kept = new Map<string, Promise<unknown>>();

/** Asked once; a failure is asked again. */
export function askOnce<T>(path: string, body?: unknown): Promise<T> {
  const key = `${path} ${JSON.stringify(body)}`;
  const known = (kept.get(key) as Promise<T> | undefined) ?? ask<T>(path, body);
  kept.set(key, known);
  known.catch(() => kept.delete(key));
  return known;
}
