// Reads a model folder back. Knows no YAML, so that a served model's bundle stays small.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject, JsonValue, Signature } from "../contract/signature.ts";
import { modelFolder } from "../core/settings.ts";
import { restoreArrays } from "./array-store.ts";
import { assetResolver } from "./asset.ts";
import { previousOf } from "./model-siblings.ts";
import type { ModelManifest } from "./write-model-folder.ts";

export interface ModelFolder {
  /** Class of what was saved: `Pipeline`, `ExplainedModel`, … */
  readonly kind: string;
  /** What its `toJSON` gave, long lists of numbers as Float64Array. */
  readonly state: { readonly kind: string };
  readonly signature?: Signature;
  readonly example?: JsonObject;
  readonly metadata?: JsonObject;
  /** Absolute. */
  readonly path: string;
}

/** A model folder that a writer is putting in place may be gone for a moment under one name and then the other. */
const attempts = 10;

/**
 * @param name as given to `writeModelFolder`; in a replica the build's own copy is read
 * @throws Error there is none, it is damaged, or no flavor of it can be loaded here
 */
export function readModelFolder(name: string): ModelFolder {
  const resolver = assetResolver();
  const folder = resolver ? resolver.resolve(name) : modelFolder(name);
  let problem: unknown;
  for (let attempt = 0; attempt < attempts; attempt++) {
    for (const path of placesOf(folder)) {
      try {
        return readFrom(path, name);
      } catch (error) {
        problem = error;
      }
    }
  }
  throw problem ?? whyNot(name, folder);
}

/** The folder, else where its old content is. */
function placesOf(folder: string): string[] {
  const holdsModel = (path: string) => existsSync(join(path, "model.json"));
  return holdsModel(folder) ? [folder] : previousOf(folder).filter(holdsModel);
}

function readFrom(path: string, name: string): ModelFolder {
  const { kind, state, signature, example, metadata, weightsSha256 } = readManifest(path, name);
  const bytes = readWeights(path, name);
  if (createHash("sha256").update(bytes).digest("hex") !== weightsSha256) {
    throw new Error(
      `Cannot load model ${JSON.stringify(name)}: found weights.f64 changed since it was saved in ${path}`,
    );
  }
  return {
    kind,
    state: restoreArrays({ json: state as JsonValue, bytes }) as { readonly kind: string },
    ...(signature && { signature }),
    ...(example && { example }),
    ...(metadata && { metadata }),
    path,
  };
}

function readManifest(path: string, name: string): ModelManifest {
  const file = join(path, "model.json");
  let manifest: ModelManifest;
  try {
    manifest = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Error(`Cannot load model ${JSON.stringify(name)}: found no readable JSON in ${file}`, { cause });
  }
  if (manifest?.format === 1 && typeof manifest.kind === "string" && manifest.state) return manifest;
  throw new Error(`Cannot load model ${JSON.stringify(name)}: found format ${manifest?.format} in ${file}, expected 1`);
}

function readWeights(path: string, name: string): Uint8Array {
  try {
    return readFileSync(join(path, "weights.f64"));
  } catch (cause) {
    throw new Error(`Cannot load model ${JSON.stringify(name)}: found no weights.f64 in ${path}`, { cause });
  }
}

function whyNot(name: string, folder: string): Error {
  const what = `Cannot load model ${JSON.stringify(name)}`;
  if (!existsSync(folder)) return new Error(`${what}: found nothing at ${folder}, expected a saved model`);
  if (!statSync(folder).isDirectory()) return new Error(`${what}: found a file at ${folder}, expected a folder`);
  const file = join(folder, "MLmodel");
  if (!existsSync(file)) return new Error(`${what}: found no MLmodel in ${folder}, expected a model folder`);
  const flavors = flavorsIn(readFileSync(file, "utf8"));
  if (flavors.includes("cellwright"))
    return new Error(`${what}: found no model.json in ${folder}, expected a complete folder`);
  return new Error(
    `${what}: found flavors ${flavors.join(", ") || "none"} in ${folder}, which only Python loads; expected cellwright`,
  );
}

/** Names one level under `flavors:`. */
function flavorsIn(mlmodel: string): string[] {
  const lines = mlmodel.split(/\r?\n/);
  const section = lines.slice(lines.findIndex((line) => /^flavors:/.test(line)) + 1);
  const end = section.findIndex((line) => /^\S/.test(line));
  const own = end < 0 ? section : section.slice(0, end);
  const indent = /^ +/.exec(own[0] ?? "")?.[0] ?? "  ";
  return own.flatMap((line) => {
    const [, flavor] = line.startsWith(indent) ? (/^"?([\w.-]+)"?:/.exec(line.slice(indent.length)) ?? []) : [];
    return flavor ? [flavor] : [];
  });
}
