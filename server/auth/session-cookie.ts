// The browser's session: an expiry signed with the start token. Nothing is stored, it outlives a restart, and rotating the token
// ends it. Named by port, because browsers share cookies among the ports of a host.
import { sameSecret, signed } from "./secrets.ts";

const daysValid = 30;

export function cookieName(port: number): string {
  return `cellwright-session-${port}`;
}

/** The Set-Cookie header of a new session. */
export function sessionCookie(port: number, token: string, now: number): string {
  return signedCookie(cookieName(port), sessionKey(token), now);
}

/** @param header the request's Cookie header */
export function hasSession(header: string | undefined, port: number, token: string, now: number): boolean {
  return hasSigned(header, cookieName(port), sessionKey(token), now);
}

/** What a session with an application is about: that one, on the port it was reached by. */
export interface ApplicationSession {
  readonly id: string;
  readonly name: string;
  readonly port: number;
}

/** The Set-Cookie header of a session that opens one application and nothing else. */
export function applicationCookie(session: ApplicationSession, token: string, now: number): string {
  return signedCookie(applicationCookieName(session), applicationKey(session, token), now);
}

/** @param header the request's Cookie header */
export function hasApplicationCookie(
  header: string | undefined,
  session: ApplicationSession,
  token: string,
  now: number,
): boolean {
  return hasSigned(header, applicationCookieName(session), applicationKey(session, token), now);
}

function applicationCookieName({ name, port }: ApplicationSession): string {
  return `cellwright-application-${name}-${port}`;
}

function applicationKey({ id }: ApplicationSession, token: string): string {
  return `application ${id} ${token}`;
}

function signedCookie(name: string, key: string, now: number): string {
  const expires = String(now + daysValid * 86_400_000);
  return `${name}=${expires}.${signed(expires, key)}; Path=/; Max-Age=${daysValid * 86_400}; HttpOnly; SameSite=Lax`;
}

function hasSigned(header: string | undefined, name: string, key: string, now: number): boolean {
  const [expires = "", signature = ""] = cookieIn(header, name)?.split(".") ?? [];
  return /^\d+$/.test(expires) && Number(expires) > now && sameSecret(signature, signed(expires, key));
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
