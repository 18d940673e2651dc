// Everything over HTTP but model calls: what runs before every route, the rooms' routes, the dashboard's files, and one reply
// for what is unknown or goes wrong. A route without a rule stops the server here.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import express, { type ErrorRequestHandler, type Express, type RequestHandler, Router } from "express";
import helmet from "helmet";
import type { HostRules } from "./auth/foreign-requests.ts";
import { readPrincipal, refuseForeignRequests, tokenToCookie } from "./auth/middleware.ts";
import { allow } from "./auth/principal.ts";
import { type RouteRule, routeRules } from "./auth/route-rules.ts";
import type { AuthService } from "./auth/service.ts";
import { messageOf, NotFoundError, refusalFor, retryAfterSeconds, UnsupportedMediaTypeError } from "./errors.ts";
import type { Log } from "./log.ts";

export interface ExpressAppParts {
  readonly auth: AuthService;
  readonly hostRules: HostRules;
  readonly log: Log;
  readonly version: string;
  readonly requestBytes: number;
  /** Folder of the built dashboard. */
  readonly web: string;
  /** Below /api/v2. */
  readonly api: readonly Router[];
  /** At the root, for machines: /metrics. */
  readonly machine: readonly Router[];
  /** At the root: Lab and the API of Jupyter Server. */
  readonly lab: readonly Router[];
}

/** @throws Error a route has no rule */
export function createExpressApp(parts: ExpressAppParts): {
  readonly app: Express;
  readonly rules: readonly RouteRule[];
} {
  const app = express();
  app.disable("x-powered-by");
  app.set("query parser", "simple");
  app.use(numberAndLog(parts.log));
  app.use(refuseForeignRequests(parts.hostRules));
  app.use(securityHeaders());
  app.use(tokenToCookie(parts.auth));
  app.use(readPrincipal(parts.auth));
  app.use(machineRoutes(parts.version), ...parts.machine);
  app.use("/api/v2", requireJson, express.json({ limit: parts.requestBytes }), noStore, ...parts.api);
  for (const room of parts.lab) app.use(room);
  app.use(dashboardRoutes(parts.web));
  app.use((req) => {
    throw new NotFoundError(`Cannot find ${req.method} ${req.path}`);
  });
  app.use(refuse(parts.log));
  return { app, rules: routeRules(app.router) };
}

function numberAndLog(log: Log): RequestHandler {
  return (req, res, next) => {
    const requestId = randomUUID();
    const started = performance.now();
    res.locals["requestId"] = requestId;
    res.setHeader("x-request-id", requestId);
    res.once("close", () => {
      const ms = Math.round(performance.now() - started);
      log.info({ requestId, method: req.method, path: pathOf(req.originalUrl), status: res.statusCode, ms }, "request");
    });
    next();
  };
}

function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "blob:"],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
      },
    },
    strictTransportSecurity: false, // plain HTTP on loopback
    originAgentCluster: false, // a sandboxed notebook beside its page would be told off in the console
  });
}

function machineRoutes(version: string): Router {
  const router = Router();
  router.get("/health", allow("anyone"), (_req, res) => {
    res.type("text/plain").send("OK");
  });
  router.get("/version", allow("anyone"), (_req, res) => {
    res.type("text/plain").send(version);
  });
  router.get("/", allow("anyone"), (_req, res) => {
    res.redirect(302, "/ui/");
  });
  return router;
}

/** A body that is no JSON is refused by its type; uploads (PUT) are bytes. */
const requireJson: RequestHandler = (req, _res, next) => {
  const hasBody = Number(req.headers["content-length"] ?? 0) > 0 || req.headers["transfer-encoding"] !== undefined;
  if (req.method === "PUT" || !hasBody || req.is(["json", "+json"])) return next();
  throw new UnsupportedMediaTypeError(
    `Cannot read the request: found content type "${req.headers["content-type"] ?? ""}", expected application/json`,
  );
};

const noStore: RequestHandler = (_req, res, next) => {
  res.setHeader("cache-control", "no-store");
  next();
};

/** The pages hold no data: whoever has no session gets them too, and is told there how to open one. */
function dashboardRoutes(folder: string): Router {
  const router = Router();
  const files = express.static(folder, { index: false, redirect: false, setHeaders: cacheByName });
  router.get(["/ui", "/ui/{*path}"], allow("anyone"), (req, res, next) => {
    req.url = req.url.replace(/^\/ui\/?/, "/");
    files(req, res, (error?: unknown) => {
      if (error) return next(error);
      if (/^\/(assets\/.*|[^/]+\.\w+)$/.test(req.path)) return next(); // a file that is not there, not a page
      res.setHeader("cache-control", "no-cache");
      res.sendFile(join(folder, "index.html"), (missing?: Error) => missing && next(notBuilt()));
    });
  });
  return router;
}

function notBuilt(): NotFoundError {
  return new NotFoundError(
    "Cannot show the dashboard: found no built pages, expected `npm run build` to have made them",
  );
}

/** Vite's names carry a hash of the content: they never change. */
function cacheByName(res: { setHeader(name: string, value: string): unknown }, path: string): void {
  const hashed = /[\\/]assets[\\/]/.test(path);
  res.setHeader("cache-control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
}

function refuse(log: Log): ErrorRequestHandler {
  return (error, req, res, next) => {
    const requestId = res.locals["requestId"] as string;
    const { status, code, body } = refusalFor(error, requestId);
    if (code === "internal") log.error({ err: error, requestId }, "a request failed");
    else if (status !== 404)
      log.info({ requestId, path: pathOf(req.originalUrl), code, reason: messageOf(error) }, "refused");
    if (res.headersSent) return next(error);
    const seconds = retryAfterSeconds[code];
    if (seconds !== undefined) res.setHeader("retry-after", String(seconds));
    if (status === 401) res.setHeader("www-authenticate", "Bearer");
    res.status(status).json(body);
  };
}

function pathOf(url: string): string {
  const at = url.indexOf("?");
  return at < 0 ? url : url.slice(0, at);
}
