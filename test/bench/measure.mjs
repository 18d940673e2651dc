// What every measurement shares: where the build is, the middle of several, the time of a call.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Before a server's arguments: Node, its flags and the command, as `npm start` has them. */
export const startCommand = () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const flags = scripts.start.split(" && ").at(-1).match(/--\S+/g);
  return [...flags, dist("server/cli/bin.js"), "start"];
};
export const dist = (path) => join(root, "dist", path);

/** Middle value; with an even count the lower of the two. */
export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}

/** Milliseconds that each of `runs` calls took, after one that is not counted. */
export async function timed(work, runs = 5) {
  await work();
  const times = [];
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return times;
}
