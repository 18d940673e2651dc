// What Node runs of an application: a plain program as it is, one in TypeScript as one bundle in the home, with its packages left
// outside and its modules still knowing where they came from (import.meta.url).
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildFailure, Loader, Plugin } from "esbuild";

/** The program does not compile, or is not there: starting it again changes nothing. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
}

/**
 * @param file absolute
 * @param folder the application's own, for the bundle
 * @returns absolute path of the program to run
 * @throws ProgramError it is not there or does not compile
 */
export async function bundleProgram(file: string, folder: string): Promise<string> {
  if (!existsSync(file)) throw new ProgramError(`Cannot start ${file}: found no such file`);
  if (!file.endsWith(".ts")) return file;
  const { build } = await import("esbuild");
  const outfile = join(folder, "program.mjs");
  mkdirSync(folder, { recursive: true });
  linkPackages(dirname(file), folder);
  try {
    await build({
      entryPoints: [file],
      outfile,
      bundle: true,
      packages: "external",
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
      plugins: [ownPlaces],
    });
  } catch (error) {
    throw new ProgramError(complaintOf(file, error));
  }
  return outfile;
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
      const named = Object.entries(places).filter(() => text.includes("import.meta"));
      const head = named.map(([name, value]) => `const ${name} = ${JSON.stringify(value)}; `).join("");
      return { contents: head + text, loader: loaderOf(path) };
    });
  },
};

function loaderOf(path: string): Loader {
  const typed = /\.[cm]?tsx?$/.test(path);
  return path.endsWith("x") ? (typed ? "tsx" : "jsx") : typed ? "ts" : "js";
}

/** The bundle finds the packages that its source would have found. */
function linkPackages(from: string, folder: string): void {
  const link = join(folder, "node_modules");
  if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link);
  const found = packagesAbove(from);
  if (found) symlinkSync(found, link, "junction");
}

function packagesAbove(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const packages = join(folder, "node_modules");
    if (existsSync(packages)) return packages;
    if (dirname(folder) === folder) return undefined;
  }
}

function complaintOf(file: string, error: unknown): string {
  const [first] = (error as BuildFailure).errors ?? [];
  if (!first) return `Cannot start ${file}: ${error instanceof Error ? error.message : String(error)}`;
  const { location, text } = first;
  return `Cannot start ${location?.file ?? file}: ${text}${location ? ` (line ${location.line})` : ""}`;
}
