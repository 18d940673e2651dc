// HTTP of terminals, as Jupyter Server's.
import express, { Router } from "express";
import { z } from "zod";
import { allow } from "../../auth/principal.ts";
import { NotFoundError, parse } from "../../errors.ts";
import { canOpenTerminals } from "./pseudo-terminal.ts";
import type { Terminals } from "./terminals.ts";

const newTerminal = z.object({
  name: z
    .string()
    .regex(/^[\w.-]{1,64}$/)
    .optional(),
  cwd: z.string().optional(),
});

export function terminalRoutes(terminals: Terminals): Router {
  const router = Router();
  const json = express.json({ type: () => true });

  router.get("/api/terminals", allow("lab"), (_req, res) => {
    res.json(terminals.all().map((terminal) => terminal.model()));
  });
  router.post("/api/terminals", allow("lab"), json, (req, res) => {
    if (!canOpenTerminals()) throw new NotFoundError("Cannot open a terminal: found no support for it on this system");
    res.json(terminals.start(parse(newTerminal, req.body ?? {}, "open a terminal")).model());
  });
  router.get("/api/terminals/:name", allow("lab"), (req, res) => {
    res.json(terminals.find(req.params.name).model());
  });
  router.delete("/api/terminals/:name", allow("lab"), async (req, res) => {
    await terminals.close(req.params.name);
    res.status(204).end();
  });

  return router;
}
