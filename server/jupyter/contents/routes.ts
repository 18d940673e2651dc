// HTTP of the project's files, as Jupyter's contents API: what it asks of query and body, and nothing of files.
import express, { Router } from "express";
import { z } from "zod";
import { allow } from "../../auth/principal.ts";
import { parse } from "../../errors.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { Contents } from "./contents.ts";

/** The largest notebook or upload in one request. */
const bodyBytes = 100_000_000;

const type = z.enum(["directory", "file", "notebook"]);
const format = z.enum(["json", "text", "base64"]);
const flag = z.enum(["0", "1"]).transform((value) => value === "1");

const readQuery = z.object({
  type: type.optional(),
  format: format.optional(),
  content: flag.optional(),
  hash: flag.optional(),
});
const newBody = z.object({
  type: type.optional(),
  ext: z
    .string()
    .regex(/^\.?[\w.-]{0,30}$/)
    .transform((ext) => (ext === "" || ext.startsWith(".") ? ext : `.${ext}`))
    .optional(),
  copy_from: z.string().optional(),
});
const savedBody = z.object({
  type: type.default("file"),
  format: format.nullish(),
  content: z.unknown().optional(), // a folder has none
  hash: z.string().nullish(),
  chunk: z.int().min(-1).nullish(),
});
const renameBody = z.object({ path: z.string().min(1) });

export function contentsRoutes(contents: Contents, checkpoints: Checkpoints): Router {
  const router = Router();
  const json = express.json({ limit: bodyBytes, type: () => true });

  router.get("/api/contents/*path/checkpoints", allow("lab"), async (req, res) => {
    const path = pathOf(req.params);
    await contents.fileOf(path);
    res.json(await checkpoints.list(path));
  });
  router.post("/api/contents/*path/checkpoints", allow("lab"), async (req, res) => {
    const path = pathOf(req.params);
    const checkpoint = await checkpoints.create(path, await contents.fileOf(path));
    res
      .status(201)
      .location(`${addressOf({ path })}/checkpoints/${checkpoint.id}`)
      .json(checkpoint);
  });
  router.post("/api/contents/*path/checkpoints/:id", allow("lab"), async (req, res) => {
    const path = pathOf(req.params);
    await checkpoints.restore(path, req.params.id, await contents.fileOf(path));
    res.status(204).end();
  });
  router.delete("/api/contents/*path/checkpoints/:id", allow("lab"), async (req, res) => {
    await checkpoints.remove(pathOf(req.params), req.params.id);
    res.status(204).end();
  });

  router.get("/api/contents{/*path}", allow("lab"), async (req, res) => {
    res.json(await contents.get(pathOf(req.params), parse(readQuery, req.query)));
  });
  router.post("/api/contents{/*path}", allow("lab"), json, async (req, res) => {
    const folder = pathOf(req.params);
    const { copy_from: from, ext, type = ext === ".ipynb" ? "notebook" : "file" } = parse(newBody, req.body ?? {});
    const model = from === undefined ? await contents.create(folder, { type, ext }) : await contents.copy(from, folder);
    res.status(201).location(addressOf(model)).json(model);
  });
  router.put("/api/contents/*path", allow("lab"), json, async (req, res) => {
    const { model, isNew } = await contents.save(pathOf(req.params), parse(savedBody, req.body));
    if (isNew) res.status(201).location(addressOf(model));
    res.json(model);
  });
  router.patch("/api/contents/*path", allow("lab"), json, async (req, res) => {
    const model = await contents.rename(pathOf(req.params), parse(renameBody, req.body).path);
    res.location(addressOf(model)).json(model);
  });
  router.delete("/api/contents/*path", allow("lab"), async (req, res) => {
    await contents.remove(pathOf(req.params));
    res.status(204).end();
  });

  /** A file as it is. Pages of the project run in a sandbox: they are not this server's own. */
  router.get("/files/*path", allow("lab"), async (req, res) => {
    const file = await contents.fileOf(pathOf(req.params));
    res.setHeader("content-security-policy", "sandbox allow-scripts");
    res.setHeader("cache-control", "no-cache");
    if (req.query["download"] !== undefined) res.attachment(file);
    res.sendFile(file, { dotfiles: "allow" });
  });

  return router;
}

/** Express has decoded each part: one that holds a slash now is refused as no name. */
export function pathOf({ path }: { readonly path?: readonly string[] | string }): string {
  return (typeof path === "string" ? [path] : (path ?? []))
    .map((part) => (part.includes("/") ? `${part.replaceAll("/", "\\")}` : part))
    .join("/");
}

function addressOf({ path }: { readonly path: string }): string {
  return `/api/contents/${path.split("/").map(encodeURIComponent).join("/")}`;
}
