// From a path as a program says it (in a traceback, in what it printed) to the file that is meant: of the project, or one that only
// the kernel sees. What links in a cell's output are made of.
import { existsSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative, resolve, sep } from "node:path";
import { NotFoundError } from "../../errors.ts";
import { type Places, partsOf } from "./places.ts";

export interface ResolvedPath {
  /** `server`: a path of the contents API. `kernel`: an absolute path on this machine. */
  readonly scope: "server" | "kernel";
  readonly path: string;
}

/**
 * Whatever of the two is there: the first is for opening, the second says where it lies.
 *
 * @param path absolute, from the user's home (`~/…`), or relative
 * @param cwd working directory of the kernel that said it; a relative path goes by it, then by the project's folder
 */
export function resolvePath(
  path: string,
  { places, cwd }: { places: Places; cwd?: string | undefined },
): ResolvedPath[] {
  const spoken = path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path;
  const kernels = cwd === undefined ? undefined : resolve(cwd, spoken);
  const candidates = [...(kernels === undefined ? [] : [kernels]), resolve(places.root, spoken)];
  const shown = candidates.map((place) => pathOf(place, places)).find((found) => found !== undefined);
  return [
    ...(shown === undefined ? [] : [{ scope: "server" as const, path: shown }]),
    ...(kernels !== undefined && existsSync(kernels) ? [{ scope: "kernel" as const, path: kernels }] : []),
  ];
}

/** Undefined for what is not there, hidden, or not the project's. */
function pathOf(place: string, places: Places): string | undefined {
  if (!existsSync(place)) return undefined;
  const inside = relative(places.root, realpathSync(place)); // the way to the project may itself be a link
  const parts = partsOf(inside.split(sep).join("/"));
  try {
    places.placeOf(parts);
    return parts.join("/");
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
