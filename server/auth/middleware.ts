// What runs before every Express route: foreign requests out, the token in a browser's address into a cookie, the key into a
// principal. Nobody is turned away here for having no key: the route's own rule does that.
import type { Request, RequestHandler } from "express";
import { type HostRules, refuseForeign } from "./foreign-requests.ts";
import { setPrincipal } from "./principal.ts";
import type { AuthService } from "./service.ts";

export function refuseForeignRequests(rules: HostRules): RequestHandler {
  return (req, _res, next) => {
    refuseForeign(req, rules);
    next();
  };
}

/** `?token=T`, once in a browser: becomes a session, and the address loses it. A wrong one is left to the route's rule. */
export function tokenToCookie(auth: AuthService): RequestHandler {
  return (req, res, next) => {
    const token = req.method === "GET" ? req.query["token"] : undefined;
    if (typeof token !== "string" || !auth.isStartToken(token)) return next();
    res.setHeader("set-cookie", auth.newSession(portOf(req)));
    res.setHeader("cache-control", "no-store");
    res.redirect(302, withoutToken(req.originalUrl));
  };
}

export function readPrincipal(auth: AuthService): RequestHandler {
  return async (req, _res, next) => {
    const principal = await auth.authenticate(req.headers, portOf(req));
    if (principal) setPrincipal(req, principal);
    next();
  };
}

function portOf(req: Request): number {
  return req.socket.localPort ?? 0;
}

/** Path and query only: a redirect never leaves this server, whatever the address began with. */
function withoutToken(url: string): string {
  const { pathname, searchParams } = new URL(url.replace(/^[/\\]+/, "/"), "http://localhost");
  searchParams.delete("token");
  const query = searchParams.toString();
  return query ? `${pathname}?${query}` : pathname;
}
