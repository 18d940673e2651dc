// What Node runs of a user's program (a job's script, an application): plain JavaScript as it is, TypeScript as one bundle in the
// home, whose modules still know where they came from and whose packages stay in their own place, found from anywhere.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildFailure, Loader, Plugin } from "esbuild";

/** The program does not compile, or is not there: starting it again changes nothing. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
}

/**
 * @param file absolute
 * @param outfile where a bundle goes, if one is needed
 * @returns absolute path of what to run
 * @throws ProgramError it is not there or does not compile
 */
export async function bundleProgram(file: string, outfile: string): Promise<string> {
  if (!existsSync(file)) throw new ProgramError(`Cannot start ${file}: found no such file`);
  if (!file.endsWith(".ts")) return file;
  const { build } = await import("esbuild");
  mkdirSync(dirname(outfile), { recursive: true });
  try {
    await build({
      entryPoints: [file],
      outfile,
      bundle: true,
      ignoreAnnotations: true, // a project that calls itself free of side effects still means its imports
      platform: "node",
      format: "esm",
      target: "node20",
      sourcemap: "inline",
      logLevel: "silent",
      define: {
        "import.meta.url": "importMetaUrl",
        "import.meta.dirname": "importMetaDirname",
        "import.meta.filename": "importMetaFilename",
      },
      plugins: [packagesInPlace, ownPlaces],
    });
  } catch (error) {
    throw new ProgramError(complaintOf(file, error), { cause: error });
  }
  return outfile;
}

/** Beside dist/server lies dist/lib; sources use what was built from them. For a folder that knows no "cellwright" of its own. */
const ownLibrary = new URL(
  import.meta.url.endsWith(".ts") ? "../dist/lib/index.js" : "../lib/index.js",
  import.meta.url,
);

const asked = Symbol("asked");

const packagesInPlace: Plugin = {
  name: "packages-in-place",
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...args }) => {
      if (pluginData === asked || args.kind === "entry-point") return undefined;
      if (path === "cellwright") return { path: libraryFor(args.resolveDir), external: true };
      const found = await build.resolve(path, { ...args, pluginData: asked });
      if (found.external || found.errors.length > 0) return found; // Node's own, or not there
      if (!/[\\/]node_modules[\\/]/.test(found.path)) return found; // a path alias of the project's tsconfig
      return { path: pathToFileURL(found.path).href, external: true };
    });
  },
};

/** As Node finds it from a folder, whatever a tsconfig there says about its types. */
function libraryFor(folder: string): string {
  try {
    return pathToFileURL(createRequire(join(folder, "program.mjs")).resolve("cellwright")).href;
  } catch {
    return ownLibrary.href;
  }
}

/** Each module says where its source lies, not where the bundle is. In its first line: line numbers stay. */
const ownPlaces: Plugin = {
  name: "own-places",
  setup({ onLoad }) {
    onLoad({ filter: /\.[cm]?[jt]sx?$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const places = {
        importMetaUrl: pathToFileURL(path).href,
        importMetaDirname: dirname(path),
        importMetaFilename: path,
      };
      const named = text.includes("import.meta") ? Object.entries(places) : [];
      const head = named.map(([name, value]) => `const ${name} = ${JSON.stringify(value)}; `).join("");
      return { contents: head + text, loader: loaderOf(path) };
    });
  },
};

function loaderOf(path: string): Loader {
  const typed = /\.[cm]?tsx?$/.test(path);
  return path.endsWith("x") ? (typed ? "tsx" : "jsx") : typed ? "ts" : "js";
}

function complaintOf(file: string, error: unknown): string {
  const [first] = (error as BuildFailure).errors ?? [];
  if (!first) return `Cannot start ${file}: ${error instanceof Error ? error.message : String(error)}`;
  const { location, text } = first;
  return `Cannot start ${location?.file ?? file}: ${text}${location ? ` (line ${location.line})` : ""}`;
}
