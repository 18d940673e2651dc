// Replies that were asked for before the page's code was there, read as they come in: the first rendering has them at hand. Each is
// given out once, and only while it is news.
const youngMs = 5_000;
const replies = new Map<string, { readonly reply: Promise<Reply>; readonly askedAt: number }>();

/** A reply with its body read. */
export interface Reply {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export function askAhead(path: string): void {
  const reply = ask(path);
  reply.catch(() => {}); // told to whoever takes it
  replies.set(path, { reply, askedAt: performance.now() });
}

/** @throws what fetch throws */
export async function ask(path: string, init: RequestInit = {}): Promise<Reply> {
  const reply = await fetch(path, { ...init, credentials: "same-origin" });
  const { ok, status, headers } = reply;
  return { ok, status, headers, text: await reply.text() };
}

export function takeAsked(path: string): Promise<Reply> | undefined {
  const asked = replies.get(path);
  replies.delete(path);
  return asked && performance.now() - asked.askedAt < youngMs ? asked.reply : undefined;
}
