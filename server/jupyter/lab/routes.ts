// HTTP of the front end itself: its page, files, settings, workspaces, translations and themes.
import { join } from "node:path";
import express, { type ErrorRequestHandler, Router } from "express";
import { z } from "zod";
import { quote } from "../../../lib/core/check.ts";
import { allow } from "../../auth/principal.ts";
import { NotFoundError, parse, UnauthorizedError } from "../../errors.ts";
import { partsOf } from "../contents/places.ts";
import { extensionRoutes } from "./extension-routes.ts";
import { type KeptFile, type KeptFiles, keptFiles } from "./kept-files.ts";
import { type LabBuild, labBuildReader, type SettingSchema } from "./lab-build.ts";
import { type LabExtension, labExtensions, schemasOf } from "./lab-extensions.ts";
import { labPage, labPolicy, signInPage } from "./page.ts";

export interface LabParts {
  /** Folder of the built front end. */
  readonly lab: string;
  /** Where its settings and workspaces are kept. */
  readonly kept: string;
  readonly project: string;
  /** See settings: hiddenFiles. */
  readonly hiddenFiles: boolean;
  /** Folder of prebuilt extensions. */
  readonly extensions: string;
  readonly onProblem: (problem: string) => void;
}

const savedSetting = z.object({ raw: z.string() });
const savedWorkspace = z.object({ data: z.unknown(), metadata: z.looseObject({ id: z.string() }) });
const bodyBytes = 10_000_000;

export function labRoutes({ lab, kept, project, hiddenFiles, extensions: folder, onProblem }: LabParts): Router {
  const router = Router();
  const build = labBuildReader(lab);
  const extensions = (): LabExtension[] => labExtensions(folder, onProblem);
  const schemas = (): SettingSchema[] => [...build().schemas, ...extensions().flatMap(schemasOf)];
  router.use(pageRoutes({ build, extensions, project, hiddenFiles }), extensionRoutes(extensions), fileRoutes(lab));
  router.use(settingRoutes(schemas, keptFiles(join(kept, "settings"), ".json5")));
  router.use(workspaceRoutes(keptFiles(join(kept, "workspaces"), ".json")));
  router.use(configRoutes(keptFiles(join(kept, "config"), ".json")));
  return router;
}

interface Pages {
  readonly build: () => LabBuild;
  readonly extensions: () => LabExtension[];
  readonly project: string;
  readonly hiddenFiles: boolean;
}

function pageRoutes({ build, extensions, project, hiddenFiles }: Pages): Router {
  const router = Router();
  const paths = ["/lab", "/lab/tree{/*path}", "/lab/doc{/*path}", "/lab/workspaces/:workspace{/tree{/*path}}"];
  router.get(paths, allow("lab"), (req, res) => {
    const { path = [], workspace = "default" } = req.params as { path?: string[]; workspace?: string };
    res.setHeader("content-security-policy", labPolicy);
    res.setHeader("cache-control", "no-store");
    const shown = { project, hiddenFiles, treePath: path.join("/"), workspace };
    res.type("html").send(labPage({ build: build(), extensions: extensions(), ...shown }));
  });
  router.use(paths, askToSignIn);
  return router;
}

/** A person who opens the page without a session is told how to get one. */
const askToSignIn: ErrorRequestHandler = (error, req, res, next) => {
  if (!(error instanceof UnauthorizedError) || !req.accepts("html")) return next(error);
  res.status(401).setHeader("cache-control", "no-store").type("html").send(signInPage);
};

/** Names of scripts carry a hash of the content: they never change. */
function fileRoutes(lab: string): Router {
  const router = Router();
  const options = { index: false, redirect: false, fallthrough: true } as const;
  const scripts = express.static(join(lab, "static"), {
    ...options,
    setHeaders: (res, path) => {
      const hashed = /[.\\/][0-9a-f]{16}\.\w+$/.test(path);
      res.setHeader("cache-control", hashed ? "private, max-age=31536000, immutable" : "private, no-cache");
    },
  });
  const themes = express.static(join(lab, "themes"), { ...options, cacheControl: false });
  router.get("/lab/static/*path", allow("lab"), (req, res, next) => {
    req.url = req.url.replace("/lab/static", "");
    scripts(req, res, () => next(notThere(req.originalUrl)));
  });
  router.get("/lab/api/themes/*path", allow("lab"), (req, res, next) => {
    req.url = req.url.replace("/lab/api/themes", "");
    themes(req, res, () => next(notThere(req.originalUrl)));
  });
  router.get("/lab/licenses", allow("lab"), (_req, res) => {
    res.type("text/plain").sendFile(join(lab, "THIRD-PARTY-LICENSES.txt"));
  });
  return router;
}

function notThere(url: string): NotFoundError {
  return new NotFoundError(`Cannot find ${quote(url)}: expected a file of Lab`);
}

function settingRoutes(schemas: () => SettingSchema[], files: KeptFiles): Router {
  const router = Router();
  const json = express.json({ limit: bodyBytes, type: () => true });
  const find = (id: string): SettingSchema => {
    const found = schemas().find((schema) => schema.id === id);
    if (found) return found;
    throw new NotFoundError(`Cannot find settings ${quote(id)}: expected those of a plugin`);
  };

  router.get("/lab/api/settings", allow("lab"), async (req, res) => {
    const all = schemas();
    if (req.query["ids_only"] === "true") return void res.json({ settings: all.map(({ id }) => ({ id })) });
    const saved = new Map((await files.all()).map((file) => [file.name, file]));
    res.json({ settings: all.map((schema) => settingModel(schema, saved.get(schema.id))) });
  });
  router.get("/lab/api/settings/*id", allow("lab"), async (req, res) => {
    const schema = find(idOf(req.params));
    res.json(settingModel(schema, await files.read(schema.id)));
  });
  router.put("/lab/api/settings/*id", allow("lab"), json, async (req, res) => {
    const { id } = find(idOf(req.params));
    await files.write(id, parse(savedSetting, req.body, "save settings").raw);
    res.status(204).end();
  });
  return router;
}

function settingModel({ id, version, schema }: SettingSchema, saved: KeptFile | undefined): object {
  const { text: raw = "{}", created = null, lastModified: last_modified = null } = saved ?? {};
  return { id, version, schema, raw, settings: {}, warning: null, created, last_modified };
}

function workspaceRoutes(files: KeptFiles): Router {
  const router = Router();
  const json = express.json({ limit: bodyBytes, type: () => true });

  router.get("/lab/api/workspaces", allow("lab"), async (_req, res) => {
    const values = (await files.all()).map(workspaceModel);
    res.json({ workspaces: { ids: values.map(({ metadata }) => metadata.id), values } });
  });
  router.get("/lab/api/workspaces/*id", allow("lab"), async (req, res) => {
    const id = idOf(req.params);
    const file = await files.read(id);
    res.json(file ? workspaceModel(file) : { data: {}, metadata: { id } });
  });
  router.put("/lab/api/workspaces/*id", allow("lab"), json, async (req, res) => {
    const id = idOf(req.params);
    const { data, metadata } = parse(savedWorkspace, req.body, "save a workspace");
    await files.write(id, JSON.stringify({ data, metadata: { ...metadata, id } }));
    res.status(204).end();
  });
  router.delete("/lab/api/workspaces/*id", allow("lab"), async (req, res) => {
    await files.remove(idOf(req.params));
    res.status(204).end();
  });

  router.get("/lab/api/translations", allow("lab"), (_req, res) => {
    res.json({ data: { en: { displayName: "English", nativeName: "English" } }, message: "" });
  });
  router.get("/lab/api/translations/:locale", allow("lab"), (_req, res) => {
    res.json({ data: {}, message: "" });
  });
  return router;
}

function workspaceModel({ text, created, lastModified: last_modified }: KeptFile) {
  const { data, metadata } = JSON.parse(text) as { data: object; metadata: { id: string } };
  return { data, metadata: { ...metadata, created, last_modified } };
}

/** Small objects that parts of the page keep, by section. */
function configRoutes(files: KeptFiles): Router {
  const router = Router();
  const json = express.json({ limit: bodyBytes, type: () => true });
  const read = async (section: string): Promise<object> =>
    JSON.parse((await files.read(section))?.text ?? "{}") as object;

  router.get("/api/config/:section", allow("lab"), async (req, res) => {
    res.json(await read(req.params.section));
  });
  router.put("/api/config/:section", allow("lab"), json, async (req, res) => {
    await files.write(req.params.section, JSON.stringify(parse(z.looseObject({}), req.body)));
    res.status(204).end();
  });
  router.patch("/api/config/:section", allow("lab"), json, async (req, res) => {
    const changed = { ...(await read(req.params.section)), ...parse(z.looseObject({}), req.body) };
    await files.write(req.params.section, JSON.stringify(changed));
    res.json(changed);
  });
  return router;
}

function idOf(params: { readonly id: readonly string[] | string }): string {
  return partsOf(typeof params.id === "string" ? params.id : params.id.join("/")).join("/");
}
