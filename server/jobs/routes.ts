// HTTP of jobs and their runs: parse by the contract, call the service, answer. Streams of events end with their reader.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type Response, Router } from "express";
import { notebookToHtml } from "../../kernel/notebook/html/notebook-to-html.ts";
import { readNotebookBytes } from "../../kernel/notebook/read-notebook.ts";
import { jobChange, jobRunStatus, newJob, newJobRun } from "../../lib/contract/job.ts";
import { allow, principalOf } from "../auth/principal.ts";
import { BadRequestError, parse } from "../errors.ts";
import type { FirstStart } from "./first-start.ts";
import type { JobListener } from "./live-events.ts";
import type { JobService, PageQuery, RunQuery } from "./service.ts";

const heartbeatMs = 15_000;

/** What a notebook shows is foreign to us: an origin of its own, no requests, links in a new tab. */
const pagePolicy = [
  "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox",
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  "img-src data: blob:",
  "font-src data:",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join("; ");

export interface JobRouteParts {
  readonly firstStart: FirstStart;
  /** plotly.js as text, for pages that stand alone. */
  readonly plotlyScript: () => string;
}

/** Below /api/v2. */
export function jobRoutes(service: JobService, { firstStart, plotlyScript }: JobRouteParts): Router {
  const router = Router();

  router.get("/jobs", allow("jobs:read"), async (req, res) => {
    res.json(await service.listJobs(principalOf(req), pageQuery(req.query)));
  });
  router.post("/jobs", allow("jobs:write"), async (req, res) => {
    res.status(201).json(await service.createJob(principalOf(req), parse(newJob, req.body, "create a job")));
  });
  router.get("/jobs/:name", allow("jobs:read"), async (req, res) => {
    res.json(await service.getJob(principalOf(req), req.params.name));
  });
  router.patch("/jobs/:name", allow("jobs:write"), async (req, res) => {
    const change = parse(jobChange, req.body, "change a job");
    res.json(await service.updateJob(principalOf(req), req.params.name, change));
  });
  router.delete("/jobs/:name", allow("jobs:write"), async (req, res) => {
    await service.deleteJob(principalOf(req), req.params.name, { stop: req.query["stop"] === "1" });
    res.status(204).end();
  });
  router.post("/jobs/:name/runs", allow("jobs:write"), async (req, res) => {
    const run = parse(newJobRun, req.body ?? {}, "run a job");
    res.status(201).json(await service.createRun(principalOf(req), req.params.name, run));
  });

  router.get("/job-runs", allow("jobs:read"), async (req, res) => {
    res.json(await service.listRuns(principalOf(req), runQuery(req.query)));
  });
  router.get("/job-runs/events", allow("jobs:read"), (req, res) => {
    const by = principalOf(req);
    sendEvents(res, async (listener) => service.subscribe(by, listener));
  });
  router.get("/job-runs/:id", allow("jobs:read"), async (req, res) => {
    res.json(await service.getRun(principalOf(req), req.params.id));
  });
  router.post("/job-runs/:id/stop", allow("jobs:write"), async (req, res) => {
    res.json(await service.stopRun(principalOf(req), req.params.id));
  });
  router.post("/job-runs/:id/again", allow("jobs:write"), async (req, res) => {
    res.status(201).json(await service.runAgain(principalOf(req), req.params.id));
  });
  router.get("/job-runs/:id/cells", allow("jobs:read"), async (req, res) => {
    res.json({ items: await service.cells(principalOf(req), req.params.id) });
  });
  router.get("/job-runs/:id/log", allow("jobs:read"), async (req, res) => {
    const { text, end } = await service.readLog(principalOf(req), req.params.id, placeIn(req.query));
    res.setHeader("x-log-end", String(end));
    res.type("text/plain").send(text);
  });
  router.get("/job-runs/:id/notebook", allow("jobs:read"), async (req, res) => {
    const path = await service.notebook(principalOf(req), req.params.id);
    res.attachment(basename(path)).type("application/x-ipynb+json");
    res.sendFile(path, { dotfiles: "allow", cacheControl: false });
  });
  router.get("/job-runs/:id/html", allow("jobs:read"), async (req, res) => {
    const path = await service.notebook(principalOf(req), req.params.id);
    const notebook = readNotebookBytes(await readFile(path), { name: basename(path) });
    res.setHeader("content-security-policy", pagePolicy);
    res.type("text/html").send(notebookToHtml(notebook, { plotly: { script: plotlyScript() } }));
  });
  router.get("/job-runs/:id/events", allow("jobs:read"), async (req, res) => {
    const by = principalOf(req);
    const { id } = await service.getRun(by, req.params.id);
    sendEvents(res, (listener) => service.subscribeRun(by, id, listener));
  });

  router.get("/first-start", allow("jobs:read"), async (req, res) => {
    res.json(await firstStart.state(principalOf(req)));
  });
  router.post("/first-start", allow("jobs:write"), async (req, res) => {
    res.status(201).json(await firstStart.start(principalOf(req)));
  });

  return router;
}

/** Server-sent events until the reader goes; a beat now and then shows proxies that the line is not dead. */
function sendEvents(res: Response, subscribe: (listener: JobListener) => Promise<() => void>): void {
  res.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  res.write("retry: 1000\n\n");
  const subscribed = subscribe((event) => res.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`));
  subscribed.catch(() => res.end()); // deleted meanwhile
  const heartbeat = setInterval(() => res.write(":\n\n"), heartbeatMs);
  heartbeat.unref();
  res.once("close", () => {
    clearInterval(heartbeat);
    subscribed.then(
      (end) => end(),
      () => {},
    );
  });
}

type Query = Readonly<Record<string, unknown>>;

function pageQuery({ page_size: size, page_token: token }: Query): PageQuery {
  const pageSize = size === undefined ? 100 : Number(size);
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > 1000) {
    throw new BadRequestError(`Cannot read page_size: found ${JSON.stringify(size)}, expected 1 to 1000`);
  }
  return { pageSize, ...(typeof token === "string" && { pageToken: token }) };
}

function runQuery(query: Query): RunQuery {
  const { job, status, chain } = query;
  const statuses = typeof status === "string" ? status.split(",") : undefined;
  return {
    ...pageQuery(query),
    ...(typeof job === "string" && { job }),
    ...(typeof chain === "string" && { chain }),
    ...(statuses && { statuses: statuses.map((one) => parse(jobRunStatus, one, "read status")) }),
  };
}

function placeIn({ from = "0" }: Query): number {
  const place = Number(from);
  if (Number.isSafeInteger(place) && place >= 0) return place;
  throw new BadRequestError(`Cannot read from: found ${JSON.stringify(from)}, expected bytes, 0 or more`);
}
