// HTTP of monitoring: records by page or as a stream of lines, what comes later about them, tables, series, windows and rules of
// one model, its events as they happen, and what Prometheus reads.
import { once } from "node:events";
import { type Response, Router } from "express";
import { aggregateMetrics, delayedMetrics, newMonitorRule } from "../../lib/contract/monitoring.ts";
import { readMetricsQuery } from "../../lib/contract/prediction.ts";
import { allow, type Principal, principalOf } from "../auth/principal.ts";
import { BadRequestError, parse } from "../errors.ts";
import type { LiveEvent, WatchedModel } from "./live-events.ts";
import type { ListQuery } from "./prediction-list.ts";
import type { MonitoringService, SeriesQuery } from "./service.ts";

export interface MonitoringRouteParts {
  /** With the build that answers its calls, if any. Throws NotFoundError when there is none. */
  readonly findModel: (
    by: Principal,
    name: string,
  ) => Promise<WatchedModel & { readonly deployment?: { readonly build: string } }>;
}

const heartbeatMs = 15_000;

/** Below /api/v2. */
export function monitoringRoutes(service: MonitoringService, { findModel }: MonitoringRouteParts): Router {
  const router = Router();

  router.post("/metrics/read", allow("metrics:read"), async (req, res) => {
    const query = parse(readMetricsQuery, req.body, "read metrics");
    const by = principalOf(req);
    if (req.accepts(["application/json", "application/x-ndjson"]) === "application/x-ndjson") {
      return sendLines(res, service.streamMetrics(by, query));
    }
    res.json(await service.readMetrics(by, query));
  });

  router.post("/metrics/delayed", allow("metrics:write"), async (req, res) => {
    const { items } = parse(delayedMetrics, req.body, "track delayed metrics");
    await service.trackDelayedMetrics(principalOf(req), items);
    res.status(204).end();
  });

  router.post("/metrics/aggregate", allow("metrics:write"), async (req, res) => {
    const { items } = parse(aggregateMetrics, req.body, "track aggregate metrics");
    await service.trackAggregateMetrics(principalOf(req), items);
    res.status(204).end();
  });

  router.get("/models/:name/predictions", allow("metrics:read"), async (req, res) => {
    const by = principalOf(req);
    const { crn } = await findModel(by, req.params.name);
    res.json(await service.listPredictions(by, { modelCrn: crn, ...listQuery(req.query) }));
  });

  router.get("/models/:name/windows", allow("metrics:read"), async (req, res) => {
    const by = principalOf(req);
    const { crn, deployment } = await findModel(by, req.params.name);
    res.json(await service.readWindows(by, { modelCrn: crn, build: deployment?.build, ...rangeQuery(req.query) }));
  });

  router.get("/models/:name/drift", allow("metrics:read"), async (req, res) => {
    const by = principalOf(req);
    const { crn, deployment } = await findModel(by, req.params.name);
    res.json(await service.readDrift(by, { modelCrn: crn, build: deployment?.build, ...rangeQuery(req.query) }));
  });

  router.get("/models/:name/rules", allow("metrics:read"), async (req, res) => {
    const { crn } = await findModel(principalOf(req), req.params.name);
    res.json({ items: await service.listRules(crn) });
  });
  router.post("/models/:name/rules", allow("metrics:write"), async (req, res) => {
    const rule = parse(newMonitorRule, req.body, "make a rule");
    const by = principalOf(req);
    const { crn } = await findModel(by, req.params.name);
    res.status(201).json(await service.putRule(by, crn, rule));
  });
  router.delete("/models/:name/rules/:id", allow("metrics:write"), async (req, res) => {
    const { crn } = await findModel(principalOf(req), req.params.name);
    await service.deleteRule(crn, req.params.id);
    res.status(204).end();
  });

  router.get("/models/:name/series", allow("metrics:read"), async (req, res) => {
    const by = principalOf(req);
    const { crn } = await findModel(by, req.params.name);
    res.json(await service.readSeries(by, { modelCrn: crn, ...seriesQuery(req.query) }));
  });

  router.get("/models/:name/events", allow("metrics:read"), async (req, res) => {
    const model = await findModel(principalOf(req), req.params.name);
    sendEvents(res, (listener) => service.subscribe(model, listener));
  });

  return router;
}

/** At the root: `/metrics`. */
export function prometheusRoutes({ prometheus }: Pick<MonitoringService, "prometheus">): Router {
  const router = Router();
  router.get("/metrics", allow("metrics:read"), async (_req, res) => {
    res.type(prometheus.contentType).send(await prometheus.text());
  });
  return router;
}

/** One row a line, no faster than the reader takes them. */
async function sendLines(res: Response, pages: AsyncIterable<readonly unknown[]>): Promise<void> {
  res.type("application/x-ndjson");
  for await (const rows of pages) {
    const taken = res.write(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    if (!taken && !res.closed) await Promise.race([once(res, "drain"), once(res, "close")]);
    if (res.closed) return;
  }
  res.end();
}

/** Server-sent events until the reader goes; a beat now and then shows proxies that the line is not dead. */
function sendEvents(res: Response, subscribe: (listener: (event: LiveEvent) => void) => () => void): void {
  res.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  res.write("retry: 1000\n\n");
  const unsubscribe = subscribe((event) => {
    const { type, ...data } = event;
    res.write(`event: ${type}\ndata: ${JSON.stringify("deployment" in data ? data.deployment : data)}\n\n`);
  });
  const heartbeat = setInterval(() => res.write(":\n\n"), heartbeatMs);
  heartbeat.unref();
  res.once("close", () => {
    clearInterval(heartbeat);
    unsubscribe();
  });
}

function rangeQuery(query: Record<string, unknown>): Pick<SeriesQuery, "start" | "end"> {
  return { start: numberIn(query, "start"), end: numberIn(query, "end") };
}

function seriesQuery(query: Record<string, unknown>): Omit<SeriesQuery, "modelCrn" | "deploymentCrn"> {
  return {
    ...rangeQuery(query),
    points: numberIn(query, "points"),
    downsampleTo: numberIn(query, "downsample_to"),
  };
}

function listQuery(query: Record<string, unknown>): ListQuery {
  const status = textIn(query, "status");
  if (status !== undefined && status !== "ok" && status !== "failed") {
    throw new BadRequestError(`Cannot read status: found ${JSON.stringify(status)}, expected ok or failed`);
  }
  return {
    ...rangeQuery(query),
    status,
    uuidPrefix: textIn(query, "uuid"),
    pageSize: numberIn(query, "page_size"),
    pageToken: textIn(query, "page_token"),
  };
}

/** Empty counts as not said. */
function textIn(query: Record<string, unknown>, name: string): string | undefined {
  const text = query[name];
  if (text === undefined || text === "") return undefined;
  if (typeof text === "string") return text;
  throw new BadRequestError(`Cannot read ${name}: found it twice, expected it once`);
}

function numberIn(query: Record<string, unknown>, name: string): number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (typeof text === "string" && text.trim() !== "" && Number.isFinite(value)) return value;
  throw new BadRequestError(`Cannot read ${name}: found ${JSON.stringify(text)}, expected a number`);
}
