// HTTP of kernels and their kinds, as Jupyter Server's.
import express, { Router } from "express";
import { z } from "zod";
import { findKernelspec, kernelNames } from "../../../kernel/client/kernelspecs.ts";
import { kernelLogos } from "../../../kernel/client/logos.ts";
import { quote } from "../../../lib/core/check.ts";
import { allow } from "../../auth/principal.ts";
import { NotFoundError, parse } from "../../errors.ts";
import { defaultKernel, type Kernels } from "./kernels.ts";

const newKernel = z.object({ name: z.string().nullish(), path: z.string().nullish() });

export function kernelRoutes(kernels: Kernels): Router {
  const router = Router();
  const json = express.json({ type: () => true });

  router.get("/api/kernels", allow("lab"), (_req, res) => {
    res.json(kernels.all().map((kernel) => kernel.model()));
  });
  router.post("/api/kernels", allow("lab"), json, async (req, res) => {
    const { name, path } = parse(newKernel, req.body ?? {}, "start a kernel");
    const kernel = await kernels.start(name ?? undefined, path ?? "");
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
    res.json({
      default: defaultKernel,
      kernelspecs: Object.fromEntries(kernelNames.map((name) => [name, specModel(name)])),
    });
  });
  router.get("/api/kernelspecs/:name", allow("lab"), (req, res) => {
    res.json(specModel(requireKnown(req.params.name)));
  });
  router.get("/kernelspecs/:name/:file", allow("lab"), (req, res) => {
    const name = requireKnown(req.params.name);
    if (req.params.file !== logoFile)
      throw new NotFoundError(`Cannot find ${quote(req.params.file)} of kernel ${name}`);
    res.setHeader("cache-control", "max-age=3600");
    res.type("svg").send(kernelLogos[name]);
  });

  return router;
}

const logoFile = "logo-svg.svg";

type KernelName = (typeof kernelNames)[number];

function requireKnown(name: string): KernelName {
  if ((kernelNames as readonly string[]).includes(name)) return name as KernelName;
  throw new NotFoundError(`Cannot find kernel ${quote(name)}: expected ${kernelNames.join(" or ")}`);
}

function specModel(name: KernelName): object {
  const { argv, displayName, language, interrupt } = findKernelspec(name);
  const spec = {
    argv,
    display_name: displayName,
    language,
    interrupt_mode: interrupt,
    env: {},
    metadata: { debugger: name !== "tslab" },
  };
  return { name, spec, resources: { "logo-svg": `/kernelspecs/${name}/${logoFile}` } };
}
