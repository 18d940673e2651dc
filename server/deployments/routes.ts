// HTTP of models and deployments: parse by the contract, call the service, answer.
import { type Response, Router } from "express";
import { type DeletedModel, deploymentChange, newDeployment, newModel } from "../../lib/contract/model.ts";
import { allow, type Principal, principalOf } from "../auth/principal.ts";
import { BadRequestError, parse } from "../errors.ts";
import type { LogPart } from "./replica-logs.ts";
import type { DeploymentService, PageQuery } from "./service.ts";

export interface DeploymentRouteParts {
  /** Calls of a model that are on record. */
  readonly countPredictions: (by: Principal, modelCrn: string) => Promise<number>;
}

const heartbeatMs = 15_000;

export function deploymentRoutes(service: DeploymentService, { countPredictions }: DeploymentRouteParts): Router {
  const router = Router();

  router.get("/models", allow("models:read"), async (req, res) => {
    res.json(await service.listModels(principalOf(req), pageQuery(req.query)));
  });
  router.post("/models", allow("models:write"), async (req, res) => {
    const { name, description = "" } = parse(newModel, req.body, "create a model");
    res.status(201).json(await service.createModel(principalOf(req), { name, description }));
  });
  router.get("/models/:name", allow("models:read"), async (req, res) => {
    res.json(await service.getModel(principalOf(req), req.params.name));
  });

  router.delete("/models/:name", allow("models:write"), async (req, res) => {
    const by = principalOf(req);
    const { name, crn } = await service.deleteModel(by, req.params.name);
    res.json({ name, crn, predictions: await countPredictions(by, crn) } satisfies DeletedModel);
  });

  router.get("/models/:name/deployments", allow("deployments:read"), async (req, res) => {
    res.json(await service.listDeployments(principalOf(req), req.params.name, pageQuery(req.query)));
  });
  router.post("/models/:name/deployments", allow("deployments:write"), async (req, res) => {
    const requested = parse(newDeployment, req.body, "deploy");
    const by = principalOf(req);
    const deployment = await service.createDeployment(by, req.params.name, requested);
    res.status(201).json(req.query["wait"] === "1" ? await service.whenSettled(by, deployment.id) : deployment);
  });
  router.get("/deployments/:id", allow("deployments:read"), async (req, res) => {
    const by = principalOf(req);
    const wait = req.query["wait"] === "1";
    res.json(await (wait ? service.whenSettled(by, req.params.id) : service.getDeployment(by, req.params.id)));
  });
  router.post("/deployments/:id/stop", allow("deployments:write"), async (req, res) => {
    const by = principalOf(req);
    const deployment = await service.stopDeployment(by, req.params.id);
    res.json(req.query["wait"] === "1" ? await service.whenSettled(by, req.params.id) : deployment);
  });

  router.post("/deployments/:id/start", allow("deployments:write"), async (req, res) => {
    const by = principalOf(req);
    const deployment = await service.startDeployment(by, req.params.id);
    res.json(req.query["wait"] === "1" ? await service.whenSettled(by, req.params.id) : deployment);
  });
  router.patch("/deployments/:id", allow("deployments:write"), async (req, res) => {
    const { replicas } = parse(deploymentChange, req.body, "change a deployment");
    const by = principalOf(req);
    const deployment = await service.scaleDeployment(by, req.params.id, replicas);
    res.json(req.query["wait"] === "1" ? await service.whenSettled(by, req.params.id) : deployment);
  });
  router.get("/deployments/:id/log", allow("deployments:read"), async (req, res) => {
    const { text, end } = await service.readLog(principalOf(req), req.params.id, placeIn(req.query["from"]));
    res.setHeader("x-log-end", String(end));
    res.type("text/plain").send(text);
  });
  router.get("/deployments/:id/log/events", allow("deployments:read"), async (req, res) => {
    const by = principalOf(req);
    await service.getDeployment(by, req.params.id); // refused before the stream begins
    await sendLog(res, (listener) => service.followLog(by, req.params.id, listener));
  });

  return router;
}

/** Server-sent events until the reader goes; a beat now and then shows proxies that the line is not dead. */
async function sendLog(
  res: Response,
  follow: (listener: (part: LogPart) => void) => Promise<() => void>,
): Promise<void> {
  res.writeHead(200, {
    "content-type": "text/event-stream",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  res.write("retry: 1000\n\n");
  const heartbeat = setInterval(() => res.write(":\n\n"), heartbeatMs);
  heartbeat.unref();
  const unfollow = await follow((part) => res.write(`event: log\ndata: ${JSON.stringify(part)}\n\n`));
  const leave = (): void => {
    clearInterval(heartbeat);
    unfollow();
  };
  if (res.closed) leave();
  else res.once("close", leave);
}

function placeIn(from: unknown = "0"): number {
  const place = Number(from);
  if (Number.isSafeInteger(place) && place >= 0) return place;
  throw new BadRequestError(`Cannot read from: found ${JSON.stringify(from)}, expected bytes, 0 or more`);
}

function pageQuery(query: Record<string, unknown>): PageQuery {
  const { page_size: size, page_token: token } = query;
  const pageSize = size === undefined ? 100 : Number(size);
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > 1000) {
    throw new BadRequestError(`Cannot read page_size: found ${JSON.stringify(size)}, expected 1 to 1000`);
  }
  return { pageSize, ...(typeof token === "string" && { pageToken: token }) };
}
