// HTTP of the server's events: a client tells of one that happened on its side.
import express, { Router } from "express";
import { z } from "zod";
import { allow } from "../../auth/principal.ts";
import { parse } from "../../errors.ts";
import type { Events } from "./events.ts";

const bodyBytes = 1_000_000;

/** `2022-05-26T13:50:00+05:00Z`, as jupyter_events has it, or without the last letter. */
const timestamp = z
  .string()
  .transform((text) => Date.parse(text.replace(/([+-]\d\d:?\d\d)Z$/, "$1")))
  .refine((time) => !Number.isNaN(time), "expected an ISO 8601 time with an offset, as 2022-05-26T13:50:00+05:00Z");

const newEvent = z.object({
  schema_id: z.string(),
  version: z.union([z.string(), z.number()]).transform(String),
  data: z.unknown(),
  timestamp: timestamp.optional(),
});

export function eventRoutes(events: Events): Router {
  const router = Router();
  const json = express.json({ limit: bodyBytes, type: () => true });
  router.post("/api/events", allow("lab"), json, (req, res) => {
    const { schema_id: schemaId, version, data, timestamp } = parse(newEvent, req.body, "emit an event");
    events.emit(schemaId, data, { version, timestamp });
    res.status(204).end();
  });
  return router;
}
