// HTTP of applications: parse by the contract, call the service, answer; what changes is pushed as server-sent events.
import { type Response, Router } from "express";
import { type ApplicationEvent, applicationChange, newApplication } from "../../lib/contract/application.ts";
import { allow, principalOf } from "../auth/principal.ts";
import { BadRequestError, parse } from "../errors.ts";
import type { ApplicationService, PageQuery } from "./service.ts";

export interface ApplicationRouteParts {
  readonly service: ApplicationService;
  /** The address, with a ticket, at which a browser that came to us under `host` enters an application. */
  readonly entrance: (
    application: { readonly id: string; readonly name: string },
    host: string,
    path: string,
  ) => string;
}

const heartbeatMs = 15_000;

/** Below /api/v2. */
export function applicationRoutes({ service, entrance }: ApplicationRouteParts): Router {
  const router = Router();

  router.get("/applications", allow("applications:read"), async (req, res) => {
    res.json(await service.list(principalOf(req), pageQuery(req.query)));
  });
  router.post("/applications", allow("applications:write"), async (req, res) => {
    const by = principalOf(req);
    const made = await service.create(by, parse(newApplication, req.body, "create an application"));
    res.status(201).json(req.query["wait"] === "1" ? await service.whenSettled(by, made.name) : made);
  });
  router.get("/applications/events", allow("applications:read"), (req, res) => {
    sendEvents(res, (listener) => service.subscribe(principalOf(req), listener));
  });
  router.get("/applications/:name", allow("applications:read"), async (req, res) => {
    const by = principalOf(req);
    const wait = req.query["wait"] === "1";
    res.json(await (wait ? service.whenSettled(by, req.params.name) : service.get(by, req.params.name)));
  });
  router.patch("/applications/:name", allow("applications:write"), async (req, res) => {
    const changes = parse(applicationChange, req.body, "change an application");
    res.json(await service.change(principalOf(req), req.params.name, changes));
  });
  router.delete("/applications/:name", allow("applications:write"), async (req, res) => {
    await service.delete(principalOf(req), req.params.name);
    res.status(204).end();
  });

  for (const act of ["start", "stop", "restart"] as const) {
    router.post(`/applications/:name/${act}`, allow("applications:write"), async (req, res) => {
      const by = principalOf(req);
      const done = await service[act](by, req.params.name!);
      res.json(req.query["wait"] === "1" ? await service.whenSettled(by, req.params.name!) : done);
    });
  }

  router.get("/applications/:name/log", allow("applications:read"), async (req, res) => {
    const { text, end } = await service.readLog(principalOf(req), req.params.name, byteIn(req.query["from"]));
    res.setHeader("x-log-end", String(end));
    res.type("text/plain").send(text);
  });
  router.get("/applications/:name/open", allow("applications:read"), async (req, res) => {
    const application = await service.get(principalOf(req), req.params.name);
    const { path = "/" } = req.query;
    res.redirect(302, entrance(application, req.headers.host ?? "", typeof path === "string" ? path : "/"));
  });

  return router;
}

/** Server-sent events until the reader goes; a beat now and then shows proxies that the line is not dead. */
function sendEvents(res: Response, subscribe: (listener: (event: ApplicationEvent) => void) => () => void): void {
  res.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" });
  res.write("retry: 1000\n\n");
  const unsubscribe = subscribe((event) => {
    const data = event.type === "application" ? event.application : { name: event.name };
    res.write(`event: ${event.type}\ndata: ${JSON.stringify(data)}\n\n`);
  });
  const heartbeat = setInterval(() => res.write(":\n\n"), heartbeatMs);
  heartbeat.unref();
  res.once("close", () => {
    clearInterval(heartbeat);
    unsubscribe();
  });
}

function pageQuery(query: Record<string, unknown>): PageQuery {
  const { page_size: size, page_token: token } = query;
  const pageSize = size === undefined ? 100 : Number(size);
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > 1000) {
    throw new BadRequestError(`Cannot read page_size: found ${JSON.stringify(size)}, expected 1 to 1000`);
  }
  return { pageSize, ...(typeof token === "string" && { pageToken: token }) };
}

function byteIn(text: unknown): number {
  const from = text === undefined ? 0 : Number(text);
  if (Number.isSafeInteger(from) && from >= 0) return from;
  throw new BadRequestError(`Cannot read from: found ${JSON.stringify(text)}, expected a number of bytes`);
}
