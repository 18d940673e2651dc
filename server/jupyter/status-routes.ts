// HTTP of what a Jupyter client asks first: which server this is, who asks, how it is.
import { Router } from "express";
import { allow, principalOf } from "../auth/principal.ts";
import type { Kernels } from "./kernels/kernels.ts";

/** The release of Jupyter Server whose API this is. */
const apiVersion = "2.21.0";

export function jupyterStatusRoutes(kernels: Kernels, { clock }: { readonly clock: () => number }): Router {
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
  return router;
}
