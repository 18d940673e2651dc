// HTTP of kernels and their kinds, as Jupyter Server's.
import express, { Router } from "express";
import { z } from "zod";
import { allow } from "../../auth/principal.ts";
import { parse } from "../../errors.ts";
import type { Kernels } from "./kernels.ts";
import { defaultKernel, type Kernelspecs } from "./kernelspecs.ts";

const newKernel = z.object({ name: z.string().nullish(), path: z.string().nullish(), kernel_id: z.guid().nullish() });

export function kernelRoutes(kernels: Kernels, specs: Kernelspecs): Router {
  const router = Router();
  const json = express.json({ type: () => true });

  router.get("/api/kernels", allow("lab"), (_req, res) => {
    res.json(kernels.all().map((kernel) => kernel.model()));
  });
  router.post("/api/kernels", allow("lab"), json, async (req, res) => {
    const { name, path, kernel_id: id } = parse(newKernel, req.body ?? {}, "start a kernel");
    const kernel = await kernels.start(name ?? undefined, path ?? "", id ?? undefined);
    res.status(201).location(`/api/kernels/${kernel.id}`).json(kernel.model());
  });
  router.get("/api/kernels/:id", allow("lab"), (req, res) => {
    res.json(kernels.find(req.params.id).model());
  });
  router.delete("/api/kernels/:id", allow("lab"), async (req, res) => {
    await kernels.shutDown(req.params.id);
    res.status(204).end();
  });
  router.post("/api/kernels/:id/interrupt", allow("lab"), (req, res) => {
    kernels.find(req.params.id).interrupt();
    res.status(204).end();
  });
  router.post("/api/kernels/:id/restart", allow("lab"), async (req, res) => {
    const kernel = kernels.find(req.params.id);
    await kernel.restart();
    res.json(kernel.model());
  });

  /** Ours: cells that run on, or have ended, while no page of theirs was there. */
  router.get("/lab/api/kernels/:id/executions", allow("lab"), (req, res) => {
    res.json(kernels.find(req.params.id).executions.orphans());
  });
  router.delete("/lab/api/kernels/:id/executions/:execution", allow("lab"), (req, res) => {
    kernels.find(req.params.id).executions.taken(req.params.execution);
    res.status(204).end();
  });

  router.get("/api/kernelspecs", allow("lab"), (_req, res) => {
    res.json({ default: defaultKernel, kernelspecs: specs.models() });
  });
  router.get("/api/kernelspecs/:name", allow("lab"), (req, res) => {
    res.json(specs.model(req.params.name));
  });
  /** A mark may be a stranger's drawing: it is shown, and runs nothing. */
  router.get("/kernelspecs/:name/:file", allow("lab"), (req, res) => {
    const logo = specs.logo(req.params.name, req.params.file);
    res.setHeader("cache-control", "max-age=3600");
    res.setHeader("content-security-policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'");
    if ("svg" in logo) res.type("svg").send(logo.svg);
    else res.sendFile(logo.path, { dotfiles: "allow" });
  });

  return router;
}
