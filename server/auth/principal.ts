// Who asks, and what a route needs. Every route names its rule with `allow`; app.ts refuses to start with one that does not.
import type { Request, RequestHandler } from "express";
import { ForbiddenError, UnauthorizedError } from "../errors.ts";

/** What a key may do. */
export const scopes = [
  "status:read",
  "models:read",
  "models:write",
  "models:call",
  "builds:read",
  "builds:write",
  "deployments:read",
  "deployments:write",
  "metrics:read",
  "metrics:write",
  "jobs:read",
  "jobs:write",
  "applications:read",
  "applications:write",
  "lab",
  "tokens:write",
] as const;

/** `*` is everything and belongs to the start token alone. */
export type Scope = (typeof scopes)[number] | "*";

/** What a notebook needs: to build, deploy and call models, run jobs and applications, read what was recorded. Not: keys, Lab. */
export const notebookScopes: readonly Scope[] = scopes.filter((scope) => scope !== "tokens:write" && scope !== "lab");

/** The one who asks; every service call gets one. */
export interface Principal {
  /** `owner`, `kernel:…`, `deployment:…`. */
  readonly id: string;
  readonly scopes: readonly string[];
  readonly project: string;
}

const ruleSymbol = Symbol.for("cellwright.rule");
const principalSymbol = Symbol.for("cellwright.principal");

/**
 * The rule of a route, put before its handler: `router.get("/models", allow("models:read"), …)`.
 *
 * @param rule the scope a principal needs, or "anyone" for what needs no key
 */
// biome-ignore lint/suspicious/noExplicitAny: fits before a handler of any path's parameters
export function allow(rule: Scope | "anyone"): RequestHandler<any> {
  const check: RequestHandler = (req, _res, next) => {
    if (rule !== "anyone") requireScope(principalOf(req), rule);
    next();
  };
  return Object.assign(check, { [ruleSymbol]: rule });
}

/** The rule a handler carries, if it is one that `allow` made. */
export function ruleOf(handler: unknown): string | undefined {
  return (handler as { [ruleSymbol]?: string })[ruleSymbol];
}

export function may(principal: Principal, scope: Scope): boolean {
  return principal.scopes.includes("*") || principal.scopes.includes(scope);
}

/** @throws ForbiddenError the key does not have the scope */
export function requireScope(principal: Principal, scope: Scope): void {
  if (may(principal, scope)) return;
  throw new ForbiddenError(`Cannot do this with the key of ${principal.id}: expected one with the scope ${scope}`);
}

/**
 * Who sends this request.
 *
 * @throws UnauthorizedError nobody known
 */
export function principalOf(req: Request): Principal {
  const principal = (req as { [principalSymbol]?: Principal })[principalSymbol];
  if (principal) return principal;
  throw new UnauthorizedError("Cannot answer: found no valid key, expected the token that `cellwright start` printed");
}

/** Called once a request, by the middleware that read its key. */
export function setPrincipal(req: Request, principal: Principal): void {
  (req as { [principalSymbol]?: Principal })[principalSymbol] = principal;
}
