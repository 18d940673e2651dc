// What a build needs, read from this machine's disk: the side of a client. Modules are found from the notebook's folder, a model
// folder by its bare name in the home, all else from the project.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { BuildInput, BuildNeed } from "../contract/model.ts";

export interface LocalFolders {
  readonly notebook: string;
  readonly project: string;
  readonly home: string;
}

/** One answer to a need, and the files behind its hashes. */
export interface LocalInput {
  readonly input: BuildInput;
  /** Hash → absolute path. */
  readonly files: ReadonlyMap<string, string>;
}

/** @throws Error there is nothing at the place */
export function readLocalInput(need: BuildNeed, folders: LocalFolders): LocalInput {
  const place = placeOf(need, folders);
  const files = new Map<string, string>();
  const listed = filesAt(place).map((path) => {
    const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
    files.set(sha256, path);
    return { path: path === place ? basename(path) : relative(place, path).split(sep).join("/"), sha256 };
  });
  const named =
    need.kind === "module" ? listed.map((file) => ({ ...file, path: moduleName(need.path, place, folders) })) : listed;
  return { input: { path: need.path, kind: need.kind, files: named }, files };
}

/** How people and error places call a notebook: from the project when it lies there. */
export function pathForPeople(path: string, project: string): string {
  const below = relative(resolve(project), resolve(path));
  return below.startsWith("..") || isAbsolute(below) ? basename(path) : below.split(sep).join("/");
}

function placeOf(need: BuildNeed, folders: LocalFolders): string {
  const places =
    need.kind === "module" ? modulePlaces(resolve(folders.notebook, need.path)) : assetPlaces(need, folders);
  const found = places.find((place) => {
    const there = statSync(place, { throwIfNoEntry: false });
    return there !== undefined && (need.kind !== "module" || there.isFile());
  });
  if (found) return found;
  throw new Error(
    `Cannot build: found no ${need.kind} ${JSON.stringify(need.path)}, expected it at ${places[0]}; needed by ${need.neededBy}`,
  );
}

const endings = [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json"];

/** `./price` and `./price.js` may be price.ts, a folder is its index. */
function modulePlaces(path: string): string[] {
  return [
    path,
    path.replace(/\.([cm]?)js$/, ".$1ts"),
    ...endings.map((ending) => path + ending),
    ...endings.map((ending) => join(path, `index${ending}`)),
  ];
}

function assetPlaces({ path, kind }: BuildNeed, { project, home }: LocalFolders): string[] {
  const inProject = resolve(project, path);
  const isModelName = kind === "folder" && !/[/\\]/.test(path);
  return isModelName ? [join(home, "artifacts", "models", path), inProject] : [inProject];
}

/** A module's own name, with the folder when it is an index: `price.ts`, `lib/index.ts`. */
function moduleName(asked: string, place: string, { notebook }: LocalFolders): string {
  const folder = dirname(resolve(notebook, asked));
  const name = relative(folder, place).split(sep).join("/");
  return extname(name) === "" ? basename(place) : name;
}

function filesAt(place: string): string[] {
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
