// Finds what a notebook reads. In a replica the build's own copy answers, so that the original may change or go.
import { existsSync } from "node:fs";
import type { AssetResolver } from "../contract/symbols.ts";
import { fromProject } from "../core/settings.ts";

/**
 * The absolute path of a file or folder.
 *
 * @param path as the notebook writes it: from the project's folder, or absolute
 * @throws Error there is none
 */
export function asset(path: string): string {
  const resolver = assetResolver();
  if (resolver) return resolver.resolve(path);
  const found = fromProject(path);
  if (existsSync(found)) return found;
  throw new Error(`Cannot find ${JSON.stringify(path)}: expected a file or folder at ${found}`);
}

/** The build's finder of copies; none outside a replica. */
export function assetResolver(): AssetResolver | undefined {
  return (globalThis as { [key: symbol]: unknown })[Symbol.for("cellwright.assets")] as AssetResolver | undefined;
}
