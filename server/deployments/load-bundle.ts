// Loads a build folder's model into this process: its cells run once, its export is the function that answers calls.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildManifest } from "../../lib/contract/build-manifest.ts";
import type { ReferenceRows } from "../../lib/contract/monitoring.ts";
import type { JsonObject } from "../../lib/contract/signature.ts";
import { assetsSymbol, type DescribedModel, type ModelDescription, modelSymbol } from "../../lib/contract/symbols.ts";

export interface LoadedModel {
  readonly predict: (request: JsonObject) => unknown;
  readonly description: ModelDescription;
  /** Rows it learnt from, when it brought some. */
  readonly reference: ReferenceRows | undefined;
  /** Wrapped by modelMetrics: replies carry the prediction's uuid. */
  readonly tracked: boolean;
}

export type AssetKind = "folder" | "file";

/** Called for an asset that the build does not hold; says so by throwing. */
export type AssetMissing = (path: string, kind: AssetKind) => never;

export function readManifest(folder: string): BuildManifest {
  return JSON.parse(readFileSync(join(folder, "build.json"), "utf8")) as BuildManifest;
}

/** @throws whatever a cell of the notebook throws; TypeError the export is no function */
export async function loadBundle(
  folder: string,
  manifest: BuildManifest,
  missing: AssetMissing = refuseMissing,
): Promise<LoadedModel> {
  provideAssets(folder, manifest, missing);
  process.setSourceMapsEnabled(true);
  const bundle = (await import(pathToFileURL(join(folder, "model.mjs")).href)) as Record<string, unknown>;
  const predict = bundle[manifest.function];
  if (typeof predict !== "function") {
    throw new TypeError(`Cannot serve ${manifest.function}: found ${typeof predict}, expected a function`);
  }
  const described = (predict as { [modelSymbol]?: DescribedModel })[modelSymbol];
  const { reference, ...description } = described ?? {};
  return {
    predict: predict as LoadedModel["predict"],
    description,
    reference,
    tracked: described !== undefined,
  };
}

/** What lib's `asset` and `readModelFolder` ask, under the name exactly as the notebook wrote it. */
function provideAssets(folder: string, { assets }: BuildManifest, missing: AssetMissing): void {
  const resolve = (path: string, kind?: AssetKind): string => {
    const copy = Object.hasOwn(assets, path) ? assets[path] : undefined;
    return copy === undefined ? missing(path, kind ?? likelyKind(path)) : join(folder, copy);
  };
  Object.assign(globalThis, { [assetsSymbol]: { resolve } });
}

/** A bare name is a model folder in the home (`telco_linear`); what has an ending is a file. */
function likelyKind(path: string): AssetKind {
  return /\.[A-Za-z0-9]{1,8}$/.test(path) ? "file" : "folder";
}

function refuseMissing(path: string): never {
  throw new Error(`Cannot read ${JSON.stringify(path)}: the build holds no copy of it`);
}
