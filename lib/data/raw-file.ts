// Raw files stay as they came, in the warehouse's `raw` folder: everything after can be made again from them.
import { copyFile, mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { warehouseFolder } from "../core/settings.ts";
import { requireFile } from "./file-store.ts";

/**
 * Keeps a copy of a file in the warehouse's `raw` folder, in place of one of that name; a file that lies there already stays.
 *
 * @param path from the project's folder
 * @returns the copy's absolute path
 * @throws Error no such file
 */
export async function keepRaw(path: string): Promise<string> {
  const from = await requireFile(path, "raw");
  const raw = join(warehouseFolder(), "raw");
  if (dirname(from) === raw) return from;
  await mkdir(raw, { recursive: true });
  const to = join(raw, basename(from));
  await copyFile(from, to);
  return to;
}
