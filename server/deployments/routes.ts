// HTTP of models and deployments: parse by the contract, call the service, answer.
import { Router } from "express";
import { newDeployment, newModel } from "../../lib/contract/model.ts";
import { allow, principalOf } from "../auth/principal.ts";
import { BadRequestError, parse } from "../errors.ts";
import type { DeploymentService, PageQuery } from "./service.ts";

export function deploymentRoutes(service: DeploymentService): Router {
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

  return router;
}

function pageQuery(query: Record<string, unknown>): PageQuery {
  const { page_size: size, page_token: token } = query;
  const pageSize = size === undefined ? 100 : Number(size);
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > 1000) {
    throw new BadRequestError(`Cannot read page_size: found ${JSON.stringify(size)}, expected 1 to 1000`);
  }
  return { pageSize, ...(typeof token === "string" && { pageToken: token }) };
}
