// Who imports what in a bundle, by esbuild's metafile: the chain from the notebook to a module that must not be in it, and
// packages that are native although no .node file shows in their code.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

/** Modules that have bytes in the output. */
export function modulesInside({ outputs }: Metafile): string[] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path),
  );
}

/** The shortest way from an entry to a module, both ends included; through modules that are inside as far as there is one. */
export function importChain({ inputs, outputs }: Metafile, entry: string, target: string): string[] {
  const inside = new Set([...modulesInside({ inputs, outputs }), entry, target]);
  const best = new Map<string, { cost: number; from: string | undefined }>([[entry, { cost: 0, from: undefined }]]);
  const queue = [entry];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const { path } of inputs[at]?.imports ?? []) {
      const cost = best.get(at)!.cost + (inside.has(path) ? 1 : detour);
      if (cost >= (best.get(path)?.cost ?? Number.POSITIVE_INFINITY)) continue;
      best.set(path, { cost, from: at });
      queue.push(path);
    }
  }
  const chain: string[] = [];
  for (let at: string | undefined = target; at !== undefined; at = best.get(at)?.from) chain.unshift(at);
  return chain;
}

/** A module without bytes inside only passes names on. */
const detour = 1000;

/** A module, by its stable path, as people know it: a package by its name, a local module by its path, a leaf by what was asked for. */
export function moduleTitle(path: string): string {
  if (path.startsWith("leaf:")) return path.replace(/^leaf:\w+:/, "");
  if (path.startsWith("cellwright/")) return "cellwright";
  return packageOf(path)?.name ?? path.replace(/^notebook:/, "./");
}

/** The npm package a file belongs to. */
export function packageOf(path: string): { readonly name: string; readonly folder: string } | undefined {
  const found = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(path);
  return found ? { folder: found[1]!, name: found[2]! } : undefined;
}

const loaders = [
  "node-gyp-build",
  "node-gyp-build-optional-packages",
  "bindings",
  "prebuild-install",
  "@mapbox/node-pre-gyp",
  "@neon-rs/load",
  "cmake-ts",
  "cmake-js",
];

/** The package compiles or loads native code when it is used. */
export function isNativePackage(folder: string): boolean {
  if (existsSync(join(folder, "binding.gyp")) || existsSync(join(folder, "prebuilds"))) return true;
  try {
    const described = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, unknown>;
    if (described["gypfile"] === true || described["napi"] || described["binary"] || described["neon"]) return true;
    return loaders.some((loader) => Object.hasOwn((described["dependencies"] as object | undefined) ?? {}, loader));
  } catch {
    return false;
  }
}
