// A TypeScript job as one JavaScript file in the run's folder: its local modules inside, packages left where they are and named by
// their place, so that they are found from anywhere.
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";

export interface BundleScriptParts {
  readonly script: string;
  readonly out: string;
  /** What "cellwright" is where the script's folder knows none. Default: the library that lies beside this code. */
  readonly libraryEntry?: string;
}

/** @throws Error it does not compile, or imports what is not there */
export async function bundleScript({ script, out, libraryEntry = ownLibrary }: BundleScriptParts): Promise<void> {
  const { build } = await import("esbuild");
  await build({
    entryPoints: [script],
    outfile: out,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    logLevel: "silent",
    define: { "import.meta.url": JSON.stringify(pathToFileURL(script).href) },
    plugins: [packagesInPlace(libraryEntry)],
  });
}

/** Beside dist/server/jobs lies dist/lib; sources use what was built from them. */
const ownLibrary = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../dist/lib/index.js" : "../../lib/index.js", import.meta.url),
);

const asked = Symbol("asked");

function packagesInPlace(libraryEntry: string): Plugin {
  return {
    name: "packages-in-place",
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...args }) => {
        if (pluginData === asked || args.kind === "entry-point") return undefined;
        const found = await build.resolve(path, { ...args, pluginData: asked });
        if (found.external) return found; // Node's own
        if (found.errors.length === 0) return { path: pathToFileURL(found.path).href, external: true };
        if (path === "cellwright") return { path: pathToFileURL(libraryEntry).href, external: true };
        return found;
      });
    },
  };
}
