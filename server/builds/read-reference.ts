// The rows that a build's model learnt from. Written by the trial run, never changed.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ReferenceRows } from "../../lib/contract/monitoring.ts";

const most = 1000;

/** undefined where the model brought none, or what it brought are no columns of one length, at most 1,000 values each. */
export async function readReference(buildFolder: string): Promise<ReferenceRows | undefined> {
  try {
    const rows = JSON.parse(await readFile(join(buildFolder, "reference.json"), "utf8")) as ReferenceRows;
    return isReference(rows) ? rows : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function isReference(rows: unknown): rows is ReferenceRows {
  if (typeof rows !== "object" || rows === null) return false;
  const [first, ...others] = Object.values(rows) as unknown[];
  if (!Array.isArray(first) || first.length === 0 || first.length > most) return false;
  return others.every((values) => Array.isArray(values) && values.length === first.length);
}
