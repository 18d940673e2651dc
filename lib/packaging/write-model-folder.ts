// A model as a folder: MLmodel for MLflow's clients, model.json and weights.f64 for us, the example beside them.
// Written whole or not at all; a reader meets the old model or the new one, never a mixture.
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { JsonObject, Signature } from "../contract/signature.ts";
import { modelFolder } from "../core/settings.ts";
import { storeArrays } from "./array-store.ts";
import { formatMlmodel } from "./format-mlmodel.ts";

/** What can be saved: an estimator, a pipeline, an explained model. */
export interface Savable {
  toJSON(): { readonly kind: string };
}

export interface WriteModelOptions {
  readonly signature?: Signature;
  /** A request to try the model with. */
  readonly example?: JsonObject;
  /** Anything worth keeping: where the rows came from, who trained it. */
  readonly metadata?: JsonObject;
}

/** model.json: what `readModelFolder` reads. */
export interface ModelManifest {
  readonly format: 1;
  readonly kind: string;
  readonly state: unknown;
  readonly signature?: Signature;
  readonly example?: JsonObject;
  readonly metadata?: JsonObject;
  /** Of weights.f64: tells a reader that both files belong together. */
  readonly weightsSha256: string;
}

/**
 * Saves a model, in place of what had its name.
 *
 * @param name a bare name lives in the home folder, one with a slash is a path from the project's folder
 * @returns the folder's absolute path
 */
export function writeModelFolder(name: string, model: Savable, options: WriteModelOptions = {}): string {
  const folder = modelFolder(name);
  const fresh = `${siblingOf(folder, "new")}-${randomBytes(6).toString("hex")}`;
  mkdirSync(fresh, { recursive: true });
  try {
    for (const [file, content] of Object.entries(filesOf(model, options))) writeDurably(join(fresh, file), content);
    swapIn(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
  return folder;
}

/** Where the folder is while a new one takes its place, and after a crash between the two renames. */
export function previousOf(folder: string): string {
  return siblingOf(folder, "previous");
}

function filesOf(
  model: Savable,
  { signature, example, metadata }: WriteModelOptions,
): Record<string, string | Uint8Array> {
  const state = model.toJSON();
  const { json, bytes } = storeArrays(state);
  const manifest: ModelManifest = {
    format: 1,
    kind: state.kind,
    state: json,
    ...(signature && { signature }),
    ...(example && { example }),
    ...(metadata && { metadata }),
    weightsSha256: createHash("sha256").update(bytes).digest("hex"),
  };
  const text = `${JSON.stringify(manifest, undefined, 1)}\n`;
  const inputExample = "input_example.json";
  return {
    MLmodel: formatMlmodel({
      flavors: { cellwright: { kind: state.kind, model: "model.json", weights: "weights.f64" } },
      modelUuid: randomUUID().replaceAll("-", ""),
      modelSizeBytes: Buffer.byteLength(text) + bytes.byteLength,
      utcTimeCreated: `${new Date().toISOString().replace("T", " ").replace("Z", "")}000`,
      ...(signature && { signature }),
      ...(example && { inputExample }),
      ...(metadata && { metadata }),
    }),
    "model.json": text,
    "weights.f64": bytes,
    ...(example && { [inputExample]: `${JSON.stringify(example, undefined, 2)}\n` }),
  };
}

/** Puts the fresh folder in the old one's place; between the two renames the old one answers under its other name. */
function swapIn(fresh: string, folder: string): void {
  const previous = previousOf(folder);
  for (let attempt = 0; ; attempt++) {
    moveAway(folder, previous);
    try {
      renameSync(fresh, folder);
      break;
    } catch (error) {
      if (attempt === 9) throw error; // another writer keeps putting its own there
    }
  }
  rmSync(previous, { recursive: true, force: true });
  syncFolder(dirname(folder));
}

function moveAway(folder: string, previous: string): void {
  try {
    renameSync(folder, previous);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return;
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
    rmSync(previous, { recursive: true, force: true });
    renameSync(folder, previous);
  }
}

function siblingOf(folder: string, suffix: string): string {
  return join(dirname(folder), `.${basename(folder)}.${suffix}`);
}

function writeDurably(path: string, content: string | Uint8Array): void {
  const file = openSync(path, "w");
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
