// Who may open a WebSocket. Any page may try to open one here, and a browser sends our cookie along: so an upgrade has to come from
// our own origin, as what changes something has. Clients that cannot set headers name their key in the address.
import type { IncomingMessage } from "node:http";
import { UnauthorizedError } from "../errors.ts";
import { type HostRules, refuseForeignUpgrade } from "./foreign-requests.ts";
import { type Principal, requireScope, type Scope } from "./principal.ts";
import type { AuthService } from "./service.ts";

/**
 * @returns who asks; rejects with ForbiddenError for a foreign name or page or a key without the scope, with UnauthorizedError
 *   for no valid key
 */
export function upgradeGuard(
  auth: AuthService,
  hostRules: HostRules,
  scope: Scope,
): (req: IncomingMessage) => Promise<Principal> {
  return async (req) => {
    refuseForeignUpgrade(req, hostRules);
    const port = req.socket.localPort ?? 0;
    const token = new URL(req.url ?? "/", "http://localhost").searchParams.get("token");
    const named = token === null ? undefined : { authorization: `Bearer ${token}` };
    const principal = (await auth.authenticate(req.headers, port)) ?? (named && (await auth.authenticate(named, port)));
    if (!principal)
      throw new UnauthorizedError("Cannot open a WebSocket: found no valid key, expected the start token");
    requireScope(principal, scope);
    return principal;
  };
}
