// The browser's session: an expiry signed with the start token. Nothing is stored, it outlives a restart, and rotating the token
// ends it. Named by port, because browsers share cookies among the ports of a host.
import { sameSecret, signed } from "./secrets.ts";

const daysValid = 30;

export function cookieName(port: number): string {
  return `cellwright-session-${port}`;
}

/** The Set-Cookie header of a new session. */
export function sessionCookie(port: number, token: string, now: number): string {
  const expires = String(now + daysValid * 86_400_000);
  const value = `${expires}.${signed(expires, sessionKey(token))}`;
  return `${cookieName(port)}=${value}; Path=/; Max-Age=${daysValid * 86_400}; HttpOnly; SameSite=Lax`;
}

/** @param header the request's Cookie header */
export function hasSession(header: string | undefined, port: number, token: string, now: number): boolean {
  const value = cookieIn(header, cookieName(port));
  const [expires = "", signature = ""] = value?.split(".") ?? [];
  return /^\d+$/.test(expires) && Number(expires) > now && sameSecret(signature, signed(expires, sessionKey(token)));
}

function cookieIn(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(";") ?? []) {
    const at = pair.indexOf("=");
    if (pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

function sessionKey(token: string): string {
  return `session ${token}`;
}
