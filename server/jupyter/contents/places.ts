// From the path that a browser names to a place in the project's folder, and to no other. Hidden is node_modules, the home and,
// unless the user wants to see it, what begins with a dot; links are followed first, and what leads out of the project is not there.
import { lstatSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { quote } from "../../../lib/core/check.ts";
import { NotFoundError } from "../../errors.ts";
import { isLeftover } from "./sweep-leftovers.ts";

export interface Places {
  /** The project's folder, with no link in it. */
  readonly root: string;
  /**
   * The absolute place of a path; of a link, what it leads to. Nothing needs to be there yet.
   *
   * @param path the parts between the slashes, decoded
   * @throws NotFoundError it is hidden, or outside the project
   */
  placeOf(path: readonly string[]): string;
  /** Whether a name in a folder is for the user's eyes. */
  isShown(folder: string, name: string): boolean;
}

export interface PlacesParts {
  readonly project: string;
  readonly home: string;
  /** Whether names that begin with a dot are shown. Default: no. */
  readonly hiddenFiles?: boolean;
}

export function createPlaces({ project, home, hiddenFiles = false }: PlacesParts): Places {
  const isHidden = hiddenFiles ? isNobodys : (name: string) => name.startsWith(".") || isNobodys(name);
  const root = realpathSync(project);
  const realHome = realpathSync(home);
  const ownHome = realHome.startsWith(root + sep) ? realHome : undefined; // elsewhere it is out of reach anyway

  function placeOf(path: readonly string[]): string {
    for (const part of path) if (!isName(part) || isHidden(part)) throw notThere(path);
    const place = orNotThere(path, () => follow(join(root, ...path)));
    const inside = relative(root, place);
    if (inside === "") return place;
    const isOutside = isAbsolute(inside) || inside.split(sep).some(isHidden);
    if (isOutside || (ownHome !== undefined && within(place, ownHome))) throw notThere(path);
    return place;
  }

  return {
    root,
    placeOf,
    isShown: (folder, name) => !isHidden(name) && join(folder, name) !== ownHome,
  };
}

/** "notebooks/a b.ipynb" → its parts. */
export function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}

function isName(part: string): boolean {
  return part !== "" && part !== "." && part !== ".." && !/[/\\\0]/.test(part);
}

/** For no eyes at all: what leads upwards, what npm keeps, and a file that is being written. */
function isNobodys(name: string): boolean {
  return name === ".." || name === "node_modules" || isLeftover(name);
}

/** Where a path really is; of what does not exist yet, as far as its folders do. */
function follow(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    if (isLink(path)) throw notThere([path]); // leads nowhere: writing would make what it names
    return join(follow(dirname(path)), basename(path));
  }
}

/** A file has nothing in it. */
function orNotThere<T>(path: readonly string[], find: () => T): T {
  try {
    return find();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") throw notThere(path);
    throw error;
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function within(place: string, folder: string): boolean {
  return place === folder || place.startsWith(folder + sep);
}

function notThere(path: readonly string[]): NotFoundError {
  return new NotFoundError(`Cannot find ${quote(path.join("/"))}: expected a file or folder of the project`);
}
