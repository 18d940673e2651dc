// Who has which key. The owner has the start token (or a browser session made from it); kernels and replicas have keys of their
// own that open only what they need. Knows no Express.
import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Database } from "../storage/database.ts";
import { keyIn } from "./credentials.ts";
import type { Principal, Scope } from "./principal.ts";
import { hashOfKey, sameSecret } from "./secrets.ts";
import {
  type ApplicationSession,
  applicationCookie,
  hasApplicationCookie,
  hasSession,
  sessionCookie,
} from "./session-cookie.ts";

export interface AuthParts {
  readonly database: Database;
  readonly startToken: string;
  /** Makes and keeps a new start token. */
  readonly rotateToken: () => string;
  /** Called when it is in force. */
  readonly onRotate: () => void;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface NewKey {
  /** Who gets it: `kernel:demo`, `deployment:0198…`. */
  readonly subject: string;
  readonly scopes: readonly Scope[];
  readonly validMs: number;
}

export interface IssuedKey {
  readonly id: string;
  /** Shown once; the store has only its hash. */
  readonly key: string;
}

export interface AuthService {
  /** The principal of a request's key or session; undefined when neither opens anything. */
  authenticate(headers: IncomingHttpHeaders, port: number): Promise<Principal | undefined>;
  isStartToken(token: string): boolean;
  /** The Set-Cookie header of a new browser session. */
  newSession(port: number): string;
  /** The Set-Cookie header of a session with one application. */
  newApplicationSession(session: ApplicationSession): string;
  hasApplicationSession(cookies: string | undefined, session: ApplicationSession): boolean;
  issueKey(by: Principal, key: NewKey): Promise<IssuedKey>;
  revokeKey(id: string): Promise<void>;
  revokeKeysOf(subject: string): Promise<void>;
  startToken(): string;
  /** The old token and the sessions made from it open nothing from here on. */
  rotateStartToken(): string;
}

/** The one local user. */
export const owner: Principal = { id: "owner", scopes: ["*"], project: "default" };

export function createAuthService({ database, startToken, rotateToken, onRotate, clock }: AuthParts): AuthService {
  let token = startToken;

  async function authenticate(headers: IncomingHttpHeaders, port: number): Promise<Principal | undefined> {
    const key = keyIn(headers.authorization);
    if (key !== undefined) return sameSecret(key, token) ? owner : holderOf(key);
    return hasSession(headers.cookie, port, token, clock()) ? owner : undefined;
  }

  async function holderOf(key: string): Promise<Principal | undefined> {
    const row = await database.query
      .selectFrom("token")
      .select(["subject", "scopes", "project", "expires_at"])
      .where("hash", "=", hashOfKey(key))
      .executeTakeFirst();
    if (!row || (row.expires_at !== null && row.expires_at <= clock())) return undefined;
    return { id: row.subject, scopes: JSON.parse(row.scopes) as string[], project: row.project };
  }

  async function issueKey(by: Principal, { subject, scopes, validMs }: NewKey): Promise<IssuedKey> {
    const id = randomBytes(12).toString("hex");
    const key = `cw-${randomBytes(24).toString("hex")}`;
    await database.transact("insert-token", {
      id,
      hash: hashOfKey(key),
      scopes: JSON.stringify(scopes),
      subject,
      project: by.project,
      created_by: by.id,
      created_at: clock(),
      expires_at: clock() + validMs,
    });
    return { id, key };
  }

  return {
    authenticate,
    issueKey,
    isStartToken: (candidate) => sameSecret(candidate, token),
    newSession: (port) => sessionCookie(port, token, clock()),
    newApplicationSession: (session) => applicationCookie(session, token, clock()),
    hasApplicationSession: (cookies, session) => hasApplicationCookie(cookies, session, token, clock()),
    revokeKey: (id) => database.transact("delete-token", { id }),
    revokeKeysOf: (subject) => database.transact("delete-tokens-of", { subject }),
    startToken: () => token,
    rotateStartToken() {
      token = rotateToken();
      onRotate();
      return token;
    },
  };
}
