// Replies that were asked for before the page's code was there. Each is given out once, and only while it is news.
const youngMs = 5_000;
const replies = new Map<string, { readonly reply: Promise<Response>; readonly askedAt: number }>();

export function askAhead(path: string): void {
  const reply = fetch(path, { credentials: "same-origin" });
  reply.catch(() => {}); // told to whoever takes it
  replies.set(path, { reply, askedAt: performance.now() });
}

export function takeAsked(path: string): Promise<Response> | undefined {
  const asked = replies.get(path);
  replies.delete(path);
  return asked && performance.now() - asked.askedAt < youngMs ? asked.reply : undefined;
}
