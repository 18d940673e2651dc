// Paths of this machine out of a bundle and its source map: the same content gives the same bytes wherever it is built.
import { dirname, relative, resolve, sep } from "node:path";
import { cellsFile, cellsModule } from "./bundle-plugin.ts";

/** Where the paths in a bundle start, and where the library lies. */
export interface BundlePlaces {
  readonly folder: string;
  readonly libraryEntry: string;
}

/** A module's path as every machine has it: `cellwright/core/check.js`, `node_modules/yaml/index.js`, `cells.ts`. */
export function stablePath(path: string, { folder, libraryEntry }: BundlePlaces): string {
  if (path === cellsModule) return cellsFile;
  if (/^[a-z]+:/.test(path)) return path;
  const below = relative(dirname(libraryEntry), resolve(folder, path));
  if (!below.startsWith("..")) return `cellwright/${below.split(sep).join("/")}`;
  const at = path.lastIndexOf("node_modules/");
  return at >= 0 ? path.slice(at) : path;
}

export interface BundleText {
  readonly code: string;
  readonly map: string;
}

/** @param paths of all modules, as esbuild wrote them into the code */
export function withStablePaths({ code, map }: BundleText, paths: readonly string[], places: BundlePlaces): BundleText {
  let text = code;
  for (const path of paths) {
    const title = stablePath(path, places);
    if (title === path) continue;
    text = text.replaceAll(`// ${path}\n`, `// ${title}\n`).replaceAll(`"${path}"(`, `"${title}"(`);
  }
  const { sourceRoot: _root, ...rest } = JSON.parse(map) as { sources: string[]; sourceRoot?: string };
  return {
    code: text,
    map: JSON.stringify({ ...rest, sources: rest.sources.map((path) => stablePath(path, places)) }),
  };
}
