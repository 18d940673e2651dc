// HTTP of what a Jupyter client asks of the server itself: which one this is, who asks, how it is, which file a path means.
import { Router } from "express";
import { z } from "zod";
import { quote } from "../../lib/core/check.ts";
import { allow, principalOf } from "../auth/principal.ts";
import { parse } from "../errors.ts";
import type { Places } from "./contents/places.ts";
import { resolvePath } from "./contents/resolve-path.ts";
import type { Kernels } from "./kernels/kernels.ts";

/** The release of Jupyter Server whose API this is. */
const apiVersion = "2.21.0";

const pathQuery = z.object({ path: z.string().min(1), kernel: z.string().optional() });

export interface StatusParts {
  readonly kernels: Kernels;
  readonly places: Places;
  readonly clock: () => number;
}

export function jupyterStatusRoutes({ kernels, places, clock }: StatusParts): Router {
  const router = Router();
  const started = clock();

  router.get("/api", allow("lab"), (_req, res) => {
    res.json({ version: apiVersion });
  });
  router.get("/api/me", allow("lab"), (req, res) => {
    const { id } = principalOf(req);
    const identity = {
      username: id,
      name: id,
      display_name: id,
      initials: id.slice(0, 1).toUpperCase(),
      avatar_url: null,
      color: null,
    };
    res.json({ identity, permissions: {} });
  });
  router.get("/api/status", allow("lab"), (_req, res) => {
    const all = kernels.all();
    res.json({
      started: new Date(started).toISOString(),
      last_activity: new Date(Math.max(started, ...all.map(({ lastActivity }) => lastActivity))).toISOString(),
      kernels: all.length,
      connections: all.reduce((sum, kernel) => sum + kernel.model().connections, 0),
    });
  });
  router.get("/api/resolvePath", allow("lab"), (req, res) => {
    const { path, kernel } = parse(pathQuery, req.query, "resolve a path");
    const isUnknown = kernel !== undefined && !kernels.has(kernel);
    const cwd = kernel === undefined || isUnknown ? undefined : kernels.find(kernel).cwd;
    const reason = `Cannot find kernel ${quote(kernel ?? "")}: expected one that runs`;
    res.json({
      resolved: resolvePath(path, { places, cwd }),
      ...(isUnknown && { unresolved: [{ scope: "kernel", reason }] }),
    });
  });
  return router;
}
