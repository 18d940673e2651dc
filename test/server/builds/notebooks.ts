// Notebooks and builds for tests: cells as texts, blobs in memory, a build folder that is gone afterwards.
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CodeCell } from "../../../kernel/notebook/scope/parse-cell.ts";
import type { BuildManifest } from "../../../lib/contract/build-manifest.ts";
import type { BuildInput, BuildNeed } from "../../../lib/contract/model.ts";
import { type BuildParts, buildNotebook } from "../../../server/builds/build-notebook.ts";
import { checkBuild } from "../../../server/builds/check-build.ts";
import { type NeededCells, neededCells } from "../../../server/builds/needed-cells.ts";
import { cleanEnvironment, root } from "../../support/cli.ts";

/** A code cell's text, or the text with its tags. */
export type CellText = string | readonly [source: string, ...tags: string[]];

/** Code cells c1, c2, … */
export function cells(...texts: readonly CellText[]): CodeCell[] {
  return texts.map((text, index) => {
    const [source, ...tags] = typeof text === "string" ? [text] : text;
    return { id: `c${index + 1}`, position: index + 1, source, tags };
  });
}

/** Positions of the cells whose code is kept. */
export function keptCode(needed: NeededCells): number[] {
  return [...needed.code].map((index) => index + 1).sort((a, b) => a - b);
}

/** Positions of the cells that `explain` keeps. */
export function kept(...texts: readonly CellText[]): number[] {
  return keptCode(neededCells(cells(...texts), "explain"));
}

/** Positions of the cells that give imports alone. */
export function importsAlone(...texts: readonly CellText[]): number[] {
  const { imports, code } = neededCells(cells(...texts), "explain");
  return [...imports].filter((index) => !code.has(index)).map((index) => index + 1);
}

/** The .ipynb text of code cells. */
export function notebook(...texts: readonly CellText[]): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "cellwright", display_name: "TypeScript", language: "typescript" } },
    cells: cells(...texts).map(({ id, source, tags }) => ({
      id,
      cell_type: "code",
      metadata: tags.length > 0 ? { tags } : {},
      source,
      outputs: [],
      execution_count: null,
    })),
  });
}

export type Explain = (request?: unknown) => unknown;

export interface Workshop {
  readonly folder: string;
  /** Keeps a content; gives its hash. */
  put(content: string | Uint8Array): string;
  input(kind: BuildInput["kind"], path: string, files: Record<string, string>): BuildInput;
  attempt(text: string, options?: AttemptOptions): ReturnType<typeof buildNotebook>;
  /** The manifest of a build that must succeed. */
  build(text: string, options?: AttemptOptions): Promise<BuildManifest & { readonly folder: string }>;
  /** What a build that must not be complete needs. */
  needs(text: string, options?: AttemptOptions): Promise<readonly BuildNeed[]>;
  /** The export of a build, loaded into this process. */
  load(text: string, options?: AttemptOptions): Promise<Explain>;
  [Symbol.dispose](): void;
}

export interface AttemptOptions extends Partial<Pick<BuildParts, "packagesFolder" | "check">> {
  readonly inputs?: readonly BuildInput[];
  readonly functionName?: string;
  readonly notebookPath?: string;
}

/** A place to build in, with the real replica host as the trial run. */
export function openWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), "cellwright-builds-"));
  const blobs = new Map<string, Uint8Array>();
  const put = (content: string | Uint8Array): string => {
    const sha256 = createHash("sha256").update(content).digest("hex");
    blobs.set(sha256, typeof content === "string" ? Buffer.from(content) : content);
    return sha256;
  };
  const replicaEntry = join(root, "dist/server/deployments/replica.js");

  function attempt(text: string, options: AttemptOptions = {}): ReturnType<typeof buildNotebook> {
    const { inputs = [], functionName = "explain", notebookPath = "notebooks/test.ipynb" } = options;
    return buildNotebook(
      { notebook: text, notebookPath, functionName, inputs },
      {
        buildsFolder: folder,
        packagesFolder: options.packagesFolder ?? root,
        readBlob: async (sha256) => blobs.get(sha256)!,
        check: options.check ?? ((place) => checkBuild(place, { replicaEntry, env: cleanEnvironment() })),
        libraryEntry: join(root, "dist/lib/index.js"),
      },
    );
  }

  async function build(text: string, options?: AttemptOptions): Promise<BuildManifest & { readonly folder: string }> {
    const outcome = await attempt(text, options);
    if ("needs" in outcome) throw new Error(`the build needs ${JSON.stringify(outcome.needs)}`);
    return { ...outcome.manifest, folder: outcome.folder };
  }

  return {
    folder,
    put,
    attempt,
    build,
    input: (kind, path, files) => ({
      kind,
      path,
      files: Object.entries(files).map(([name, content]) => ({ path: name, sha256: put(content) })),
    }),
    async needs(text, options) {
      const outcome = await attempt(text, options);
      if ("needs" in outcome) return outcome.needs;
      throw new Error("the build needs nothing");
    },
    async load(text, options) {
      const { folder: place } = await build(text, options);
      return (await importModule(pathToFileURL(join(place, "model.mjs")).href))[options?.functionName ?? "explain"]!;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Imports a module that was made at run time. */
export async function importModule(url: string): Promise<Record<string, Explain>> {
  return (await import(/* @vite-ignore */ url)) as Record<string, Explain>;
}

/** A trial run that finds nothing to complain of. */
export async function unchecked(): Promise<{ ok: true; description: Record<string, never> }> {
  return { ok: true, description: {} };
}
