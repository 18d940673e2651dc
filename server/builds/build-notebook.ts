// From a notebook's export to an immutable build folder: keep the cells it needs, bundle them, try them once in a process of their
// own, put the folder in place under the hash of its content. A build that lacks something says what it needs instead.
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { BuildManifest, CheckResult } from "../../lib/contract/build-manifest.ts";
import type { BuildInput, BuildNeed, KeptCell } from "../../lib/contract/model.ts";
import type { ModelDescription } from "../../lib/contract/symbols.ts";
import { type BuildAsset, toAssets, writeAssets } from "./build-assets.ts";
import { BuildError } from "./build-error.ts";
import { type Bundle, bundle } from "./bundle.ts";
import { type ComposedCells, composeCells } from "./compose-cells.ts";
import { type NeededCells, neededCells } from "./needed-cells.ts";
import { notebookCells } from "./notebook-cells.ts";

export interface BuildRequest {
  /** The .ipynb text. */
  readonly notebook: string;
  /** For people and error places: `notebooks/5_model_serve.ipynb`. */
  readonly notebookPath: string;
  /** The export that answers calls. */
  readonly functionName: string;
  /** Modules, folders and files the notebook reads, by hash. */
  readonly inputs: readonly BuildInput[];
}

export interface BuildParts {
  /** Where builds live, one folder each, named by content. */
  readonly buildsFolder: string;
  /** Folder from which npm packages resolve upward. */
  readonly packagesFolder: string;
  readonly readBlob: (sha256: string) => Promise<Uint8Array>;
  /** Runs the cells of a build folder once, elsewhere. */
  readonly check: (buildFolder: string) => Promise<CheckResult>;
  /** `dist/lib/index.js` to resolve "cellwright" to. Default: this package's. */
  readonly libraryEntry?: string;
}

export interface BuiltNotebook {
  readonly manifest: BuildManifest;
  readonly folder: string;
  /** False when a build of the same content was there. */
  readonly isNew: boolean;
}

/**
 * Builds a notebook's export.
 *
 * @throws BuildError what is needed is missing, broken or cannot be bundled; a needed cell throws
 */
export async function buildNotebook(
  request: BuildRequest,
  parts: BuildParts,
): Promise<BuiltNotebook | { readonly needs: readonly BuildNeed[] }> {
  const { notebook, notebookPath, functionName, inputs } = request;
  const { code, others } = notebookCells(notebook, notebookPath);
  const needed = neededCells(code, functionName);
  const composed = composeCells(needed);
  const bundled = await bundle(composed, needed, { ...parts, inputs });
  if ("needs" in bundled) return bundled;
  const assets = toAssets(inputs);
  const manifest = toManifest(request, needed, composed, bundled, assets, others);
  const folder = join(parts.buildsFolder, manifest.id);
  const there = await readManifest(folder);
  if (there) return { manifest: there, folder, isNew: false };
  return await makeFolder(manifest, folder, bundled, assets, request, parts);
}

/** The manifest of a build folder; undefined when there is no whole one. */
export async function readManifest(folder: string): Promise<BuildManifest | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, "build.json"), "utf8")) as BuildManifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function toManifest(
  { functionName, notebookPath, inputs }: BuildRequest,
  needed: NeededCells,
  { lines, imports }: ComposedCells,
  { code, map, used }: Bundle,
  assets: readonly BuildAsset[],
  others: readonly { readonly id: string; readonly position: number }[],
): BuildManifest {
  const places = Object.fromEntries(
    [...assets].sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, place }) => [name, place]),
  );
  const content = {
    version: 1,
    function: functionName,
    notebookPath,
    lines,
    places,
    code: sha256(code),
    map: sha256(map),
  };
  const noCode = others.map(({ id, position }): KeptCell => ({ cell: id, position, kept: false, why: "no code" }));
  return {
    version: 1,
    id: sha256(JSON.stringify(content)),
    function: functionName,
    notebookPath,
    cells: [...needed.cells, ...noCode].sort((a, b) => a.position - b.position),
    lines,
    inputs: [...used, ...inputs.filter(({ kind }) => kind !== "module")],
    assets: places,
    imports,
    bundleBytes: Buffer.byteLength(code),
  };
}

/** Writes the folder beside its place, tries it, and moves it there whole. */
async function makeFolder(
  manifest: BuildManifest,
  folder: string,
  { code, map }: Bundle,
  assets: readonly BuildAsset[],
  { inputs, functionName }: BuildRequest,
  { buildsFolder, readBlob, check }: BuildParts,
): Promise<BuiltNotebook | { readonly needs: readonly BuildNeed[] }> {
  await mkdir(buildsFolder, { recursive: true });
  await removeLeftovers(buildsFolder);
  const beside = join(buildsFolder, `${leftover}${randomUUID()}`);
  try {
    await mkdir(beside);
    await writeFile(join(beside, "model.mjs"), code, { mode: 0o444, flush: true });
    await writeFile(join(beside, "model.mjs.map"), map, { mode: 0o444, flush: true });
    await writeAssets(beside, assets, readBlob);
    await writeFile(join(beside, "build.json"), JSON.stringify(manifest));
    const checked = await check(beside);
    if ("needs" in checked) return { needs: assetNeeds(checked.needs, inputs, functionName) };
    if (!checked.ok) throw cellError(checked.error, functionName, manifest);
    const whole = withDescription(manifest, checked.description);
    await writeFile(join(beside, "build.json"), JSON.stringify(whole, null, 2), { flush: true });
    const isNew = await moveInPlace(beside, folder);
    return { manifest: isNew ? whole : ((await readManifest(folder)) ?? whole), folder, isNew };
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

const leftover = ".making-";
const hourMs = 3_600_000;

/** What a killed process left half made; a younger one may still be at work. */
async function removeLeftovers(buildsFolder: string): Promise<void> {
  for (const name of await readdir(buildsFolder)) {
    if (!name.startsWith(leftover)) continue;
    const path = join(buildsFolder, name);
    const found = await stat(path).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > hourMs) await rm(path, { recursive: true, force: true });
  }
}

/** False when another build of the same content was quicker. */
async function moveInPlace(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (!/^(EEXIST|ENOTEMPTY|EPERM)$/.test((error as NodeJS.ErrnoException).code ?? "")) throw error;
    if (await readManifest(to)) return false;
    throw error;
  }
}

function withDescription(manifest: BuildManifest, description: ModelDescription): BuildManifest {
  return { ...manifest, description };
}

/** @throws BuildError the cells ask again for what came along: it lacks something inside */
function assetNeeds(
  needs: readonly Omit<BuildNeed, "neededBy">[],
  inputs: readonly BuildInput[],
  functionName: string,
): BuildNeed[] {
  const again = needs.find(({ path }) => inputs.some((input) => input.kind !== "module" && input.path === path));
  if (again)
    throw new BuildError(`Cannot build ${functionName}: the cells do not find "${again.path}" in what was sent for it`);
  return needs.map((need) => ({ ...need, neededBy: functionName }));
}

/** A cell that threw in the trial run, by the place the replica host told. */
function cellError(
  { message, place }: { readonly message: string; readonly place?: string },
  functionName: string,
  { lines, notebookPath }: BuildManifest,
): BuildError {
  const [, position, id, line] = /cell (\d+) \((.*)\), line (\d+)$/.exec(place ?? "") ?? [];
  const known = lines.find((run) => run.cell === id && String(run.position) === position);
  const where = place ? place.replace(`${basename(notebookPath)}, `, "") : "a needed cell";
  return new BuildError(`Cannot build ${functionName}: ${where} throws: ${message}`, {
    ...(known && { cell: known.cell, line: Number(line) }),
  });
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
