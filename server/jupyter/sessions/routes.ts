// HTTP of sessions, as Jupyter Server's.
import express, { Router } from "express";
import { z } from "zod";
import { allow } from "../../auth/principal.ts";
import { parse } from "../../errors.ts";
import type { Sessions } from "./sessions.ts";

const kernel = z.object({ id: z.string().nullish(), name: z.string().nullish() });
const newSession = z.object({
  path: z.string().min(1),
  name: z.string().default(""),
  type: z.string().default("notebook"),
  kernel: kernel.extend({ id: z.guid().or(z.literal("")).nullish() }).default({}),
});
const change = z.object({
  path: z.string().min(1).nullish(),
  name: z.string().nullish(),
  type: z.string().nullish(),
  kernel: kernel.nullish(),
});

export function sessionRoutes(sessions: Sessions): Router {
  const router = Router();
  const json = express.json({ type: () => true });

  router.get("/api/sessions", allow("lab"), (_req, res) => {
    res.json(sessions.all());
  });
  router.post("/api/sessions", allow("lab"), json, async (req, res) => {
    const session = await sessions.open(parse(newSession, req.body, "open a session"));
    res.status(201).location(`/api/sessions/${session.id}`).json(session);
  });
  router.get("/api/sessions/:id", allow("lab"), (req, res) => {
    res.json(sessions.find(req.params.id));
  });
  router.patch("/api/sessions/:id", allow("lab"), json, async (req, res) => {
    res.json(await sessions.change(req.params.id, parse(change, req.body, "change a session")));
  });
  router.delete("/api/sessions/:id", allow("lab"), async (req, res) => {
    await sessions.close(req.params.id);
    res.status(204).end();
  });

  return router;
}
