// Puts a prebuilt extension of JupyterLab into a folder: out of a folder, an archive, or npm's registry by the user's own npm. What is
// there is whole: it is made ready beside its place and moved into it.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type LabExtension, labExtensions, readLabExtension } from "../../jupyter/lab/lab-extensions.ts";
import { CommandError } from "../output.ts";
import { unpack } from "./unpack.ts";

/** What of an extension the page needs. */
const parts = ["package.json", "static", "schemas", "themes"];
const deepest = 8;

/**
 * @param source a folder, a `.whl` or `.tgz`, or a package as npm takes it
 * @throws CommandError there is no prebuilt extension in it, or more than one
 */
export function installExtension(source: string, folder: string): LabExtension {
  mkdirSync(folder, { recursive: true });
  const stage = mkdtempSync(join(folder, ".installing-"));
  try {
    const found = onlyOne(prebuiltIn(fetchInto(source, stage)), source);
    const ready = join(stage, "ready");
    for (const part of parts)
      if (existsSync(join(found, part)))
        cpSync(join(found, part), join(ready, part), { recursive: true, filter: isNoLink });
    const { name } = readLabExtension(ready);
    const place = join(folder, name);
    mkdirSync(dirname(place), { recursive: true });
    if (existsSync(place)) renameSync(place, join(stage, "before"));
    renameSync(ready, place);
    return readLabExtension(place);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** @throws CommandError none of this name is there */
export function removeExtension(name: string, folder: string): void {
  const installed = labExtensions(folder);
  const found = installed.find((extension) => extension.name === name);
  if (!found) {
    const names = installed.map((extension) => extension.name).join(", ") || "none installed";
    throw new CommandError(`Cannot remove extension ${JSON.stringify(name)}: found ${names}, expected it there`);
  }
  rmSync(found.folder, { recursive: true });
}

/** @returns the folder to look in */
function fetchInto(source: string, stage: string): string {
  const here = resolve(source);
  if (statSync(here, { throwIfNoEntry: false })?.isDirectory()) return here;
  const folder = join(stage, "source");
  unpack(existsSync(here) ? here : packByNpm(source, stage), folder);
  return folder;
}

/** The package's tarball; none of its scripts is run. */
function packByNpm(spec: string, stage: string): string {
  if (spec.startsWith("-"))
    throw new CommandError(`Cannot install ${JSON.stringify(spec)}: expected a package's name`, 2);
  const args = ["pack", spec, "--pack-destination", stage, "--ignore-scripts", "--silent"];
  const { status, stderr, error } = spawnSync("npm", args, { encoding: "utf8" });
  const tarball = readdirSync(stage).find((name) => name.endsWith(".tgz"));
  if (status === 0 && tarball) return join(stage, tarball);
  const why = error?.message ?? (stderr.trim() || `npm pack ended with status ${status}`);
  throw new CommandError(`Cannot fetch ${spec}: found no such folder or file here, and npm says: ${why}`);
}

/** Folders whose package.json says what was built. */
function prebuiltIn(folder: string, depth = 0): string[] {
  if (isPrebuilt(folder)) return [folder];
  if (depth === deepest) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules" && !entry.name.startsWith("."))
    .flatMap((entry) => prebuiltIn(join(folder, entry.name), depth + 1));
}

function isPrebuilt(folder: string): boolean {
  if (!existsSync(join(folder, "package.json"))) return false;
  try {
    return Boolean(readLabExtension(folder));
  } catch {
    return false; // a package that was not built; what is built may lie below it
  }
}

function onlyOne(found: readonly string[], source: string): string {
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw new CommandError(`Cannot install ${source}: found ${found.join(", ")} in it, expected one; name its folder`);
  throw new CommandError(
    `Cannot install ${source}: found no prebuilt extension (package.json with jupyterlab._build), expected one. ` +
      "Many publish it on PyPI alone: download the wheel and name the .whl",
  );
}

function isNoLink(path: string): boolean {
  return !lstatSync(path).isSymbolicLink();
}
