// HTTP of auth: who am I, and a new start token.
import { Router } from "express";
import { allow, principalOf } from "./principal.ts";
import type { AuthService } from "./service.ts";

export function authRoutes(service: AuthService): Router {
  const router = Router();
  router.get("/me", allow("status:read"), (req, res) => {
    res.json(principalOf(req));
  });
  router.post("/token/rotate", allow("tokens:write"), (_req, res) => {
    res.json({ token: service.rotateStartToken() });
  });
  return router;
}
