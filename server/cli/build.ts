// `cellwright build NB --function F`: only the build, on this machine, without a server.
import { cpSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import type { BuildManifest } from "../../lib/contract/build-manifest.ts";
import type { BuildInput } from "../../lib/contract/model.ts";
import { type LocalFolders, pathForPeople, readLocalInput } from "../../lib/platform/local-inputs.ts";
import { BuildError } from "../builds/build-error.ts";
import { buildNotebook } from "../builds/build-notebook.ts";
import { checkBuild } from "../builds/check-build.ts";
import { environmentForChildren, readFolders } from "../settings.ts";
import { builtModule } from "../storage/built-module.ts";
import { CommandError, exitCodes, note, print } from "./output.ts";

interface BuildFlags {
  readonly function: string;
  readonly out?: string;
  readonly explain?: boolean;
  readonly json?: boolean;
  readonly project?: string;
  readonly home?: string;
}

export function buildCommand(): Command {
  return new Command("build")
    .description("build an exported function of a notebook, without deploying it")
    .argument("<notebook>", "an .ipynb file")
    .requiredOption("--function <name>", "the exported function")
    .option("--out <folder>", "where the build goes (default: builds/<id> in the home folder)")
    .option("--explain", "show which cells went in and why")
    .option("--json", "the build's manifest as JSON")
    .option("--project <folder>", "the project's folder (default: CELLWRIGHT_PROJECT, else the working directory)")
    .option("--home <folder>", "the home folder (default: CELLWRIGHT_HOME, else .cellwright in the project)")
    .addHelpText("after", "\nExit codes: 0 built, 1 the notebook gives no build, 2 wrong use")
    .action(build);
}

async function build(path: string, flags: BuildFlags): Promise<void> {
  const notebook = readNotebookFile(path);
  const folders: LocalFolders = { ...readFolders(flags), notebook: dirname(resolve(path)) };
  const { manifest, folder } = await buildLocally({ path, notebook, functionName: flags.function, folders });
  const place = flags.out ? copyTo(resolve(flags.out), folder) : folder;
  if (flags.json) print(JSON.stringify({ ...manifest, folder: place }, null, 2));
  else print(flags.explain ? `${explainCells(manifest)}\n\n${describe(manifest, place)}` : describe(manifest, place));
}

interface LocalBuild {
  readonly path: string;
  readonly notebook: string;
  readonly functionName: string;
  readonly folders: LocalFolders;
}

/** Builds with what lies on this disk, adding what the build turns out to need until nothing is missing. */
async function buildLocally(local: LocalBuild): Promise<{ manifest: BuildManifest; folder: string }> {
  const { path, notebook, functionName, folders } = local;
  const inputs: BuildInput[] = [];
  const files = new Map<string, string>();
  const replicaEntry = fileURLToPath(builtModule(new URL("../deployments/replica.ts", import.meta.url)));
  const env = { ...environmentForChildren(), CELLWRIGHT_PROJECT: folders.project, CELLWRIGHT_HOME: folders.home };
  for (;;) {
    const outcome = await buildNotebook(
      { notebook, notebookPath: pathForPeople(path, folders.project), functionName, inputs },
      {
        buildsFolder: join(folders.home, "builds"),
        packagesFolder: folders.notebook,
        readBlob: async (sha256) => readFileSync(files.get(sha256)!),
        check: (folder) => checkBuild(folder, { replicaEntry, env, onOutput: (text) => process.stderr.write(text) }),
      },
    ).catch(refuse);
    if (!("needs" in outcome)) return outcome;
    for (const need of outcome.needs) {
      note(`adding ${need.path}`);
      const answer = readLocalInput(need, folders);
      inputs.push(answer.input);
      for (const [sha256, file] of answer.files) files.set(sha256, file);
    }
  }
}

function refuse(error: unknown): never {
  throw error instanceof BuildError ? new CommandError(error.message) : error;
}

function readNotebookFile(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return readFileSync(path, "utf8");
  throw new CommandError(`Cannot read ${path}: found no such file, expected a notebook`, exitCodes.wrongUse);
}

/** @throws CommandError something else is there */
function copyTo(target: string, folder: string): string {
  const there = statSync(target, { throwIfNoEntry: false });
  if (there && !statSync(join(target, "build.json"), { throwIfNoEntry: false })?.isFile()) {
    throw new CommandError(
      `Cannot write the build to ${target}: found something else there, expected nothing or a build`,
      exitCodes.wrongUse,
    );
  }
  rmSync(target, { recursive: true, force: true });
  cpSync(folder, target, { recursive: true });
  return target;
}

function describe({ id, function: functionName, cells, bundleBytes }: BuildManifest, place: string): string {
  const kept = cells.filter((cell) => cell.kept).length;
  return `${functionName}: ${kept} of ${cells.length} cells, ${(bundleBytes / 1000).toFixed(1)} kB, build ${id.slice(0, 12)}\n${place}`;
}

/** The cells as a table: what went in, and why. */
export function explainCells({ cells }: Pick<BuildManifest, "cells">): string {
  const rows = cells.map(({ position, cell, kept, why }) => [kept ? "kept" : "–", String(position), cell, why]);
  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => row[column]!.length), ["", "cell", "id"][column]!.length),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) => (column === 1 ? text.padStart(widths[1]!) : text.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return [["", "cell", "id", "why"], ...rows].map(line).join("\n");
}
