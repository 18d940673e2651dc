// HTTP of prebuilt extensions: their scripts, and the style sheets of their themes.
import { join } from "node:path";
import { type Response, Router } from "express";
import { quote } from "../../../lib/core/check.ts";
import { allow } from "../../auth/principal.ts";
import { NotFoundError } from "../../errors.ts";
import type { LabExtension } from "./lab-extensions.ts";

export function extensionRoutes(extensions: () => LabExtension[]): Router {
  const router = Router();
  const find = (path: readonly string[]): { extension: LabExtension; rest: string } | undefined => {
    const length = path[0]?.startsWith("@") ? 2 : 1;
    const extension = extensions().find(({ name }) => name === path.slice(0, length).join("/"));
    return extension && { extension, rest: path.slice(length).join("/") };
  };

  router.get("/lab/extensions/*path", allow("lab"), (req, res, next) => {
    const { extension, rest = "" } = find(req.params.path) ?? {};
    if (!extension || !rest.startsWith("static/")) return next(notThere(req.originalUrl));
    send(res, { root: join(extension.folder, "static"), file: rest.slice("static/".length) }, next);
  });
  /** The themes of the build come after. */
  router.get("/lab/api/themes/*path", allow("lab"), (req, res, next) => {
    const { extension, rest } = find(req.params.path) ?? {};
    if (!extension || !rest) return next();
    send(res, { root: join(extension.folder, "themes", extension.name), file: rest }, next);
  });
  return router;
}

/** Nothing outside the root, and nothing hidden. */
function send(res: Response, { root, file }: { root: string; file: string }, next: (error: Error) => void): void {
  res.setHeader("cache-control", "private, no-cache");
  res.sendFile(file, { root, cacheControl: false }, (error) => {
    if (error && !res.headersSent) next(notThere(file));
  });
}

function notThere(url: string): NotFoundError {
  return new NotFoundError(`Cannot find ${quote(url)}: expected a file of an extension of Lab`);
}
