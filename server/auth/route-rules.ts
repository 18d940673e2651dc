// The route table's default is "no": every route of an app has a rule, made by `allow`, as its first handler. Read from the app
// itself, so that a forgotten rule stops the server at its start.
import { ruleOf } from "./principal.ts";

export interface RouteRule {
  readonly method: string;
  readonly path: string;
  readonly rule: string;
}

interface Layer {
  readonly route?: {
    readonly path: string;
    readonly stack: readonly { readonly method?: string; readonly handle: unknown }[];
  };
  readonly handle?: { readonly stack?: readonly Layer[] };
}

/**
 * Every route below a router, with its rule.
 *
 * @param router an Express app's `router` or a Router
 * @throws Error a route has no rule
 */
export function routeRules(router: { readonly stack: readonly unknown[] }): RouteRule[] {
  return (router.stack as readonly Layer[]).flatMap((layer) => {
    if (layer.route) return rulesOf(layer.route);
    return layer.handle?.stack ? routeRules({ stack: layer.handle.stack }) : [];
  });
}

function rulesOf({ path, stack }: NonNullable<Layer["route"]>): RouteRule[] {
  const methods = [...new Set(stack.map(({ method }) => method ?? "all"))];
  return methods.map((method) => {
    const first = stack.find((layer) => (layer.method ?? "all") === method);
    const rule = ruleOf(first?.handle);
    if (rule !== undefined) return { method, path, rule };
    throw new Error(
      `Cannot start: found no rule on ${method.toUpperCase()} ${path}, expected allow(…) before its handler`,
    );
  });
}
