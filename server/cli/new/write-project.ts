// Writes a new project, all of it or nothing: into a folder beside its place, which is then moved there.
import { randomUUID } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { CommandError, exitCodes } from "../output.ts";
import { packOwn } from "./pack-own.ts";
import { projectFiles } from "./project-files.ts";

export interface NewProjectOptions {
  /** A packed .tgz, or what npm takes for a version. Default: this package, packed. */
  readonly cellwright?: string;
}

/**
 * @returns the files' paths in the project, sorted
 * @throws CommandError the folder is none or holds something; this package cannot be packed
 */
export async function writeProject(folder: string, { cellwright }: NewProjectOptions = {}): Promise<string[]> {
  const place = resolve(folder);
  requireEmpty(folder, place);
  const beside = join(dirname(place), `.${basename(place)}-${randomUUID()}`);
  mkdirSync(beside, { recursive: true });
  try {
    const files = projectFiles({ name: packageName(place), cellwright: await dependency(cellwright, beside) });
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(beside, path)), { recursive: true });
      writeFileSync(join(beside, path), text, { flag: "wx" });
    }
    moveInto(place, beside);
    return Object.keys(files).sort();
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

function requireEmpty(folder: string, place: string): void {
  if (!existsSync(place)) return;
  const expected = "expected a new or an empty folder";
  if (!statSync(place).isDirectory()) throw wrongUse(`Cannot make a project in ${folder}: found a file, ${expected}`);
  const [first] = readdirSync(place);
  if (first !== undefined) throw wrongUse(`Cannot make a project in ${folder}: found ${first} in it, ${expected}`);
}

/** What package.json says; a packed file comes along. */
async function dependency(cellwright: string | undefined, beside: string): Promise<string> {
  if (cellwright !== undefined && !cellwright.endsWith(".tgz")) return cellwright;
  if (cellwright === undefined) return `file:${await packOwn(beside)}`;
  if (!existsSync(cellwright))
    throw wrongUse(`Cannot read ${cellwright}: found no such file, expected a packed package`);
  const name = basename(cellwright);
  copyFileSync(cellwright, join(beside, name));
  return `file:${name}`;
}

/** An empty folder that is there stays the same one, for somebody may stand in it. */
function moveInto(place: string, beside: string): void {
  if (!existsSync(place)) {
    renameSync(beside, place);
    return;
  }
  const moved: string[] = [];
  try {
    for (const name of readdirSync(beside)) {
      renameSync(join(beside, name), join(place, name));
      moved.push(name);
    }
  } catch (error) {
    for (const name of moved) rmSync(join(place, name), { recursive: true, force: true });
    throw error;
  }
}

/** As npm allows it. */
function packageName(place: string): string {
  const name = basename(place)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return name === "" || name === "cellwright" ? "notebooks" : name;
}

function wrongUse(message: string): CommandError {
  return new CommandError(message, exitCodes.wrongUse);
}
