// How a bundle finds what it imports: "cellwright" in this very package, local modules among the build's inputs, npm packages from
// the project's node_modules. What is native or not found becomes a leaf, an empty module; a leaf is harmless as long as nothing
// of it ends up in the bundle, and bundle.ts looks.
import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { extname } from "node:path";
import type { Loader, OnLoadResult, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import type { BuildNeed } from "../../lib/contract/model.ts";
import { type ModuleFile, type ModuleFiles, neededPath } from "./module-files.ts";
import { isTried } from "./tried-require.ts";

/** The module that composeCells makes. */
export const cellsFile = "cells.ts";
/** As esbuild calls it; a module of the notebook may be named cells.ts too. */
export const cellsModule: string = `cells:${cellsFile}`;

/** Why a leaf is one. */
export const leafReasons = { native: "a native module", missing: "not found", optional: undefined } as const;

export interface BundlePluginParts {
  /** What composeCells made. */
  readonly source: string;
  readonly modules: ModuleFiles;
  readonly readBlob: (sha256: string) => Promise<Uint8Array>;
  /** Folder from which packages resolve upward. */
  readonly packagesFolder: string;
  /** What "cellwright" is: `dist/lib/index.js` of a package. */
  readonly libraryEntry: string;
  /** Called with every local module that is used, and every one that is missing. */
  readonly onUse: (file: ModuleFile) => void;
  readonly onNeed: (need: BuildNeed) => void;
}

/** Node asks JavaScript only for what esbuild cannot know: files of a package find each other without. */
export function bundlePlugin(parts: BundlePluginParts): Plugin {
  const { source, packagesFolder, libraryEntry } = parts;
  return {
    name: "notebook",
    setup(build) {
      build.onResolve({ filter: /^cells\.ts$/, namespace: "" }, ({ kind }) =>
        kind === "entry-point" ? { path: cellsFile, namespace: "cells" } : undefined,
      );
      build.onResolve({ filter: /^cellwright$/ }, () => ({ path: libraryEntry, sideEffects: false }));
      build.onResolve({ filter: optionalPeers }, ({ kind, path }) =>
        kind === "dynamic-import" ? { path, external: true } : undefined,
      );
      build.onResolve({ filter: /\.node$/ }, ({ path }) => leaf(path, "native"));
      for (const namespace of ["cells", "notebook"])
        build.onResolve({ filter: /^\.\.?(\/|$)/, namespace }, (args) => localModule(args, parts));
      build.onResolve({ filter: /^[^.]/ }, (args) => {
        if (args.kind === "entry-point" || args.pluginData === resolving) return undefined;
        if (isBuiltin(args.path)) return { path: args.path, external: true };
        return installed(build, args, args.namespace === "file" ? args.resolveDir : packagesFolder);
      });
      build.onLoad({ filter: /.*/, namespace: "cells" }, () => ({ contents: source, loader: "ts" }));
      build.onLoad({ filter: /.*/, namespace: "notebook" }, ({ path, pluginData }) =>
        loadModule(path, pluginData, parts),
      );
      build.onLoad({ filter: /.*/, namespace: "leaf" }, ({ path }) => ({ contents: leafText(path), loader: "js" }));
    },
  };
}

/** What the library imports when it is first asked for: reading it at every build, to drop it again, would cost seconds. */
const optionalPeers = /^danfojs-node$/;

const resolving = Symbol("resolving");

function localModule(args: OnResolveArgs, { modules, onUse, onNeed }: BundlePluginParts): OnResolveResult {
  const importer = args.namespace === "cells" ? cellsFile : args.importer;
  const file = modules.find(args.path, importer);
  if (file) {
    onUse(file);
    return { path: file.path, namespace: "notebook", pluginData: file };
  }
  onNeed({
    path: neededPath(args.path, importer),
    kind: "module",
    neededBy: args.namespace === "cells" ? "" : importer,
  });
  return leaf(args.path, "missing");
}

async function installed(build: PluginBuild, args: OnResolveArgs, resolveDir: string): Promise<OnResolveResult> {
  const { kind, importer, path } = args;
  const found = await build.resolve(path, { kind, importer, resolveDir, namespace: "file", pluginData: resolving });
  if (found.errors.length > 0) return leaf(path, (await isOptional(args)) ? "optional" : "missing");
  if (found.path.endsWith(".node")) return leaf(path, "native");
  const { errors: _errors, warnings: _warnings, pluginData: _data, ...result } = found;
  return result;
}

function leaf(path: string, reason: keyof typeof leafReasons): OnResolveResult {
  return { path: `${reason}:${path}`, namespace: "leaf", sideEffects: false };
}

function leafText(path: string): string {
  if (!path.startsWith("optional:")) return "module.exports = {};";
  const message = JSON.stringify(`Cannot find module '${path.replace("optional:", "")}'`);
  return `throw Object.assign(new Error(${message}), { code: "MODULE_NOT_FOUND" });`;
}

/** A CommonJS package that tries a module which need not be there: `try { require("…") } catch …`. */
async function isOptional({ kind, importer, path }: OnResolveArgs): Promise<boolean> {
  if (kind !== "require-call") return false;
  const text = await readFile(importer, "utf8").catch(() => "");
  return text !== "" && isTried(text, path);
}

const loaders: Readonly<Record<string, Loader>> = {
  ".ts": "ts",
  ".mts": "ts",
  ".cts": "ts",
  ".tsx": "tsx",
  ".js": "js",
  ".mjs": "js",
  ".cjs": "js",
  ".jsx": "jsx",
  ".json": "json",
};

async function loadModule(path: string, file: ModuleFile, { readBlob }: BundlePluginParts): Promise<OnLoadResult> {
  const loader = loaders[extname(path)];
  if (!loader) {
    const expected = Object.keys(loaders).join(", ");
    return {
      errors: [{ text: `Cannot import ${path}: found the ending "${extname(path)}", expected one of ${expected}` }],
    };
  }
  return { contents: await readBlob(file.sha256), loader };
}
