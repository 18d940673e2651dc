// A model as a folder: MLmodel for MLflow's clients, model.json and weights.f64 for us, the example beside them.
// Written whole or not at all; a reader meets the old model or the new one, never a mixture.
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { JsonObject, Signature } from "../contract/signature.ts";
import { modelFolder } from "../core/settings.ts";
import { storeArrays } from "./array-store.ts";
import { formatMlmodel } from "./format-mlmodel.ts";
import { previousOf, siblingOf } from "./model-siblings.ts";

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
  const fresh = `${siblingOf(folder, "new")}-${token()}`;
  mkdirSync(fresh, { recursive: true });
  try {
    for (const [file, content] of Object.entries(filesOf(model, options))) writeDurably(join(fresh, file), content);
    swapIn(fresh, folder);
  } catch (error) {
    removeQuietly(fresh);
    throw error;
  }
  return folder;
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

/**
 * Puts the fresh folder in the old one's place. Between the two renames the old one answers under its other name, which
 * `previousOf` finds; of several writers the last one's folder stays.
 */
function swapIn(fresh: string, folder: string): void {
  for (let attempt = 0; ; attempt++) {
    moveAway(folder);
    try {
      renameSync(fresh, folder);
      break;
    } catch (error) {
      if (attempt === 99) throw error; // other writers keep putting theirs there
    }
  }
  for (const previous of previousOf(folder)) removeQuietly(previous);
  syncFolder(dirname(folder));
}

function moveAway(folder: string): void {
  try {
    renameSync(folder, `${siblingOf(folder, "previous")}-${token()}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** Another writer may be removing it too; what stays is removed after the next save. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {}
}

function token(): string {
  return randomBytes(6).toString("hex");
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
