// HTTP of builds and of the blobs they are made from: parse by the contract, call the service, answer.
import { Router } from "express";
import { z } from "zod";
import { newBuild } from "../../lib/contract/model.ts";
import { allow, principalOf } from "../auth/principal.ts";
import { BadRequestError, parse, TooLargeError } from "../errors.ts";
import type { BuildService } from "./service.ts";

const hashes = z.strictObject({ hashes: z.array(z.string().regex(/^[0-9a-f]{64}$/)).max(10_000) });

/** The largest blob: a file of a model folder. */
const blobLimitBytes = 2e9;

export function buildRoutes(service: BuildService): Router {
  const router = Router();

  router.post("/blobs/missing", allow("builds:write"), async (req, res) => {
    const asked = parse(hashes, req.body, "look for blobs");
    res.json({ missing: await service.missingBlobs(asked.hashes) });
  });
  router.put("/blobs/:sha256", allow("builds:write"), async (req, res) => {
    if (Number(req.headers["content-length"]) > blobLimitBytes) {
      throw new TooLargeError(`Cannot keep a blob: found more than ${blobLimitBytes / 1e9} GB, expected at most that`);
    }
    await service.putBlob(req.params.sha256, req);
    res.status(204).end();
  });

  router.get("/models/:name/builds", allow("builds:read"), async (req, res) => {
    res.json(await service.listBuilds(principalOf(req), req.params.name, pageQuery(req.query)));
  });
  router.get("/models/:name/builds/:id", allow("builds:read"), async (req, res) => {
    res.json(await service.getBuild(principalOf(req), req.params.name, req.params.id));
  });
  router.post("/models/:name/builds", allow("builds:write"), async (req, res) => {
    const { comment = "", inputs = [], ...requested } = parse(newBuild, req.body, "build");
    const answer = await service.createBuild(principalOf(req), req.params.name, { ...requested, comment, inputs });
    if ("needs" in answer) res.json({ needs: answer.needs });
    else res.status(answer.isNew ? 201 : 200).json({ build: answer.build });
  });

  return router;
}

function pageQuery(query: Record<string, unknown>): { pageSize: number; pageToken?: string } {
  const { page_size: size, page_token: token } = query;
  const pageSize = size === undefined ? 100 : Number(size);
  if (!Number.isInteger(pageSize) || pageSize < 1 || pageSize > 1000) {
    throw new BadRequestError(`Cannot read page_size: found ${JSON.stringify(size)}, expected 1 to 1000`);
  }
  return { pageSize, ...(typeof token === "string" && { pageToken: token }) };
}
