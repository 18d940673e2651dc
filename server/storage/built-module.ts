// Threads run what tsc emitted, also when their starter is TypeScript source (a test): source URL in, URL under dist out.
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url)); // the checkout when this file is source

/** URL of the emitted module; what is emitted already, or lies outside the checkout, stays as it is. */
export function builtModule(url: URL): URL {
  const path = fileURLToPath(url);
  if (!path.endsWith(".ts") || !path.startsWith(root)) return url;
  const below = path.slice(root.length).replace(/\.ts$/, ".js");
  return pathToFileURL(`${root}dist/${below}`);
}
