// How a bundle finds what it imports: "cellwright" in this very package, local modules among the build's inputs, npm packages from
// the project's node_modules. What is native or not found becomes a leaf, an empty module; a leaf is harmless as long as nothing
// of it ends up in the bundle, and bundle.ts looks.
import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { dirname, extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Loader, OnLoadResult, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import type { BuildNeed } from "../../lib/contract/model.ts";
import { type ModuleFile, type ModuleFiles, neededPath } from "./module-files.ts";
import { isTried } from "./tried-require.ts";

/** The module that composeCells makes, as esbuild calls it. */
export const cellsFile = "cells.ts";

/** Why a leaf is one. */
export const leafReasons = { native: "a native module", missing: "not found", optional: undefined } as const;

export interface BundlePluginParts {
  readonly modules: ModuleFiles;
  readonly readBlob: (sha256: string) => Promise<Uint8Array>;
  /** Folder from which packages resolve upward. */
  readonly packagesFolder: string;
  /** `dist/lib/index.js` of this package. Default: the one this code belongs to. */
  readonly libraryEntry?: string;
  /** Called with every local module that is used, and every one that is missing. */
  readonly onUse: (file: ModuleFile) => void;
  readonly onNeed: (need: BuildNeed) => void;
}

/** Beside dist/server/builds lies dist/lib; sources use what was built from them. */
const ownLibrary = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../dist/lib/index.js" : "../../lib/index.js", import.meta.url),
);

export function bundlePlugin(parts: BundlePluginParts): Plugin {
  const entry = parts.libraryEntry ?? ownLibrary;
  const libraryFolder = dirname(entry);
  return {
    name: "notebook",
    setup(build) {
      build.onResolve({ filter: /.*/ }, (args) => {
        if (args.kind === "entry-point" || args.pluginData === resolving) return undefined;
        if (isBuiltin(args.path)) return { path: args.path, external: true };
        if (args.path === "cellwright") return library(entry, libraryFolder);
        const inPackage = args.namespace === "file" && !isCells(args);
        if (!/^\.\.?(\/|$)/.test(args.path))
          return installed(build, args, placeOf(args, inPackage, libraryFolder, parts));
        if (args.namespace === "library")
          return library(join(libraryFolder, dirname(args.importer), args.path), libraryFolder);
        if (!inPackage) return localModule(args, parts);
        return args.kind === "import-statement" ? undefined : installed(build, args, args.resolveDir);
      });
      build.onLoad({ filter: /.*/, namespace: "library" }, async ({ path }) => ({
        contents: await readFile(join(libraryFolder, path), "utf8"),
        loader: path.endsWith(".json") ? "json" : "js",
      }));
      build.onLoad({ filter: /.*/, namespace: "notebook" }, ({ path, pluginData }) =>
        loadModule(path, pluginData, parts),
      );
      build.onLoad({ filter: /.*/, namespace: "leaf" }, ({ path }) => ({ contents: leafText(path), loader: "js" }));
    },
  };
}

const resolving = Symbol("resolving");

/** Where the packages that a module asks for are looked up. */
function placeOf(
  args: OnResolveArgs,
  inPackage: boolean,
  libraryFolder: string,
  { packagesFolder }: BundlePluginParts,
): string {
  if (inPackage) return args.resolveDir;
  return args.namespace === "library" ? libraryFolder : packagesFolder;
}

function isCells({ importer, namespace }: OnResolveArgs): boolean {
  return namespace === "file" && importer.endsWith(cellsFile) && !importer.includes(`node_modules${sep}`);
}

/** Nothing of the library runs when it is imported, so what is unused of it goes. */
function library(path: string, folder: string): OnResolveResult {
  return { path: relative(folder, path).split(sep).join("/"), namespace: "library", sideEffects: false };
}

function localModule(args: OnResolveArgs, { modules, onUse, onNeed }: BundlePluginParts): OnResolveResult {
  const importer = isCells(args) ? cellsFile : args.importer;
  const file = modules.find(args.path, importer);
  if (file) {
    onUse(file);
    return file.path.endsWith(".node")
      ? leaf(args.path, "native")
      : { path: file.path, namespace: "notebook", pluginData: file };
  }
  if (args.path.endsWith(".node")) return leaf(args.path, "native");
  onNeed({ path: neededPath(args.path, importer), kind: "module", neededBy: importer });
  return leaf(args.path, "missing");
}

async function installed(build: PluginBuild, args: OnResolveArgs, resolveDir: string): Promise<OnResolveResult> {
  if (args.path.endsWith(".node")) return leaf(args.path, "native");
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
