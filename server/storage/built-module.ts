// Threads run what tsc emitted, also when their starter is TypeScript source (a test). `new URL("./x.ts", import.meta.url)` names
// a module in both: the emitted x.js beside an emitted starter, dist's x.js for one that is source.
import { fileURLToPath, pathToFileURL } from "node:url";

const source = import.meta.url.endsWith(".ts");
const root = fileURLToPath(new URL("../../", import.meta.url)); // the checkout, or its dist

/** URL of the emitted module; what is plain JavaScript, or lies outside the checkout, stays as it is. */
export function builtModule(url: URL): URL {
  const path = fileURLToPath(url);
  if (!path.endsWith(".ts") || !path.startsWith(root)) return url;
  const emitted = path.slice(root.length).replace(/\.ts$/, ".js");
  return pathToFileURL((source ? `${root}dist/` : root) + emitted);
}
