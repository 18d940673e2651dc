// The folders and files a build's cells read, as copies of the build's own: each under the hash of its content.
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BuildInput } from "../../lib/contract/model.ts";
import { BuildError } from "./build-error.ts";

export interface BuildAsset {
  /** As the notebook names it. */
  readonly name: string;
  /** From the build folder: `assets/<hash>` for a folder, `assets/<hash>/<file>` for a file. */
  readonly place: string;
  /** Paths from the build folder. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

/** @throws BuildError a path leads out of its folder, or a file comes with none or several contents */
export function toAssets(inputs: readonly BuildInput[]): BuildAsset[] {
  return inputs.filter(({ kind }) => kind !== "module").map(toAsset);
}

/** Writes the assets below a build folder. */
export async function writeAssets(
  folder: string,
  assets: readonly BuildAsset[],
  readBlob: (sha256: string) => Promise<Uint8Array>,
): Promise<void> {
  for (const { path, sha256 } of assets.flatMap(({ files }) => files)) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, await readBlob(sha256), { mode: 0o444, flush: true });
  }
}

function toAsset({ path: name, kind, files }: BuildInput): BuildAsset {
  for (const { path } of files) requireInside(path, name);
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const hash = createHash("sha256");
  for (const { path, sha256 } of sorted) hash.update(`${path}\0${sha256}\0`);
  const home = `assets/${hash.digest("hex")}`;
  const [only] = files;
  const isFile = kind === "file" || (files.length === 1 && only!.path === name.split("/").at(-1));
  if (isFile && files.length !== 1) {
    throw new BuildError(`Cannot build with "${name}": found ${files.length} files, expected the one file it is`);
  }
  return {
    name,
    place: isFile ? `${home}/${only!.path}` : home,
    files: sorted.map(({ path, sha256 }) => ({ path: `${home}/${path}`, sha256 })),
  };
}

function requireInside(path: string, name: string): void {
  const parts = path.split("/");
  const isPlain = !path.includes("\\") && !path.includes("\0") && !/^[A-Za-z]:/.test(path);
  if (isPlain && parts.every((part) => part !== "" && part !== "." && part !== "..")) return;
  throw new BuildError(`Cannot build with "${name}": found the file path "${path}", expected one below it`);
}
