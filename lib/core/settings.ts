// The library's settings: where the project and its home are, and which server to talk to. Nobody else in lib reads process.env.
import { existsSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";

/** The project's folder: CELLWRIGHT_PROJECT, else the nearest folder upward with a package.json, else the working directory. */
export function projectFolder(): string {
  const named = process.env["CELLWRIGHT_PROJECT"];
  if (named) return resolve(named);
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (dirname(folder) === folder) return process.cwd();
  }
}

/** The home folder: CELLWRIGHT_HOME, else `.cellwright` in the project. */
export function homeFolder(): string {
  return resolve(projectFolder(), process.env["CELLWRIGHT_HOME"] || ".cellwright");
}

/** Warehouse folder: CELLWRIGHT_WAREHOUSE, else `warehouse` in the home. */
export function warehouseFolder(): string {
  const named = process.env["CELLWRIGHT_WAREHOUSE"];
  return named ? resolve(projectFolder(), named) : join(homeFolder(), "warehouse");
}

/** A path as a notebook writes it: absolute as it is, else from the project's folder, never the working directory. */
export function fromProject(path: string): string {
  return isAbsolute(path) ? path : join(projectFolder(), path);
}

export interface ServerAddress {
  readonly url: string;
  readonly token: string;
}

/** CELLWRIGHT_URL and CELLWRIGHT_TOKEN, when both are set. */
export function serverFromEnvironment(): ServerAddress | undefined {
  const url = process.env["CELLWRIGHT_URL"];
  const token = process.env["CELLWRIGHT_TOKEN"];
  return url && token ? { url, token } : undefined;
}
