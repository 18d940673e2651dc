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
