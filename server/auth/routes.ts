// HTTP of auth: who am I, keys for processes, and a new start token.
import { Router } from "express";
import { z } from "zod";
import { ForbiddenError, parse } from "../errors.ts";
import { allow, may, principalOf, scopes } from "./principal.ts";
import type { AuthService } from "./service.ts";

const longestDays = 366;

const newKey = z.strictObject({
  /** Who gets it: `kernel:1_data_ingest`. */
  subject: z.string().regex(/^[\w.:-]{1,200}$/),
  scopes: z.array(z.enum(scopes)).min(1),
  validMs: z
    .int()
    .min(1000)
    .max(longestDays * 86_400_000),
});

export function authRoutes(service: AuthService): Router {
  const router = Router();

  router.get("/me", allow("status:read"), (req, res) => {
    res.json(principalOf(req));
  });
  router.post("/tokens", allow("tokens:write"), async (req, res) => {
    const asked = parse(newKey, req.body, "make a key");
    const by = principalOf(req);
    const beyond = asked.scopes.find((scope) => !may(by, scope));
    if (beyond)
      throw new ForbiddenError(`Cannot make a key: found the scope ${beyond}, expected only scopes of your own`);
    res.status(201).json(await service.issueKey(by, asked));
  });
  router.post("/tokens/:id/revoke", allow("tokens:write"), async (req, res) => {
    await service.revokeKey(req.params.id);
    res.status(204).end();
  });
  router.post("/token/rotate", allow("tokens:write"), (_req, res) => {
    res.json({ token: service.rotateStartToken() });
  });

  return router;
}
