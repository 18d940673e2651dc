// Keeps other sites' pages out. A page may reach this server by a name that its owner points here (DNS rebinding): only
// addresses, localhost and the names set by the owner are answered. A page may also just post here: what changes something has
// to come from our own origin. The same function guards Express and the plain handler of model calls.
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { quote } from "../../lib/core/check.ts";
import { ForbiddenError } from "../errors.ts";

export interface HostRules {
  /** What the server listens on. */
  readonly host: string;
  readonly allowedHosts: readonly string[];
}

/** @throws ForbiddenError the request came under a foreign name, or from a foreign page */
export function refuseForeign(
  { method = "GET", headers }: Pick<IncomingMessage, "method" | "headers">,
  rules: HostRules,
): void {
  const host = headers.host ?? "";
  if (!knownHost(nameOf(host), rules)) {
    throw new ForbiddenError(
      `Cannot answer as ${quote(host)}: expected localhost, an address or a name in CELLWRIGHT_ALLOWED_HOSTS`,
    );
  }
  if (method === "GET" || method === "HEAD") return;
  const { origin } = headers;
  if (origin === undefined ? headers["sec-fetch-site"] !== "cross-site" : sameOrigin(origin, host)) return;
  throw new ForbiddenError(
    `Cannot answer ${method} from ${quote(origin ?? "another site")}: expected this server's own pages`,
  );
}

/**
 * The application whose own origin a request came to: `churn` of `churn.localhost:8888`; undefined when it came to ours. Whatever
 * ends in .localhost is an application's, so that no page of one ever finds our API under its own origin.
 */
export function applicationOf(host: string | undefined, rules: HostRules): string | undefined {
  if (!host || !/\.localhost\.?(:|$)/i.test(host)) return undefined;
  const name = nameOf(host);
  return name === rules.host.toLowerCase() || rules.allowedHosts.includes(name)
    ? undefined
    : name.slice(0, -".localhost".length);
}

/** @throws ForbiddenError a WebSocket is opened under a foreign name, or by a foreign page */
export function refuseForeignUpgrade({ headers }: Pick<IncomingMessage, "headers">, rules: HostRules): void {
  refuseForeign({ method: "UPGRADE", headers }, rules); // it may change something, though it comes as GET
}

/** `localhost`, or an address of this machine's own. */
export function isLoopback(host: string): boolean {
  const name = nameOf(host);
  return name === "localhost" || name === "::1" || (isIP(name) === 4 && name.startsWith("127."));
}

function knownHost(name: string, { host, allowedHosts }: HostRules): boolean {
  if (name === "localhost" || name.endsWith(".localhost")) return true;
  return isIP(name) !== 0 || name === host.toLowerCase() || allowedHosts.includes(name);
}

/** `[::1]:8888` → `::1`, `LocalHost:8888` → `localhost`. */
function nameOf(host: string): string {
  const name = host.startsWith("[") ? host.slice(1, host.indexOf("]")) : host.replace(/:\d*$/, "");
  return name.toLowerCase().replace(/\.$/, "");
}

function sameOrigin(origin: string, host: string): boolean {
  const lower = host.toLowerCase();
  return origin === `http://${lower}` || origin === `https://${lower}`;
}
