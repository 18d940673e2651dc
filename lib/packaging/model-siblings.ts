// Names beside a model folder: where a new one is written, and where the old one is while it is being replaced.
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** `.NAME.new` or `.NAME.previous` beside the folder; a writer adds a token of its own. */
export function siblingOf(folder: string, suffix: "new" | "previous"): string {
  return join(dirname(folder), `.${basename(folder)}.${suffix}`);
}

/** Where the old folder is between a writer's two renames, and after a crash there. */
export function previousOf(folder: string): string[] {
  const start = `${basename(siblingOf(folder, "previous"))}-`;
  try {
    const names = readdirSync(dirname(folder)).filter((name) => name.startsWith(start));
    return names.map((name) => join(dirname(folder), name));
  } catch {
    return []; // the folder around it is not there either
  }
}
