// A folder's copy, with what is shown of it. A link is copied as what it leads to; one that leads out of the project is not there.
import { constants, copyFile, mkdir, readdir, rm, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { quote } from "../../../lib/core/check.ts";
import { BadRequestError, NotFoundError } from "../../errors.ts";
import type { Places } from "./places.ts";

/**
 * All of it, or nothing.
 *
 * @param path of the folder, in parts
 * @param to where there is nothing yet; its own folder is there
 * @throws BadRequestError the copy would lie in what is copied · Error with code EEXIST: the name is taken
 */
export async function copyFolder(places: Places, path: readonly string[], to: string): Promise<void> {
  const above = new Set<string>();

  async function copyInto(folder: readonly string[], target: string): Promise<void> {
    const place = places.placeOf(folder);
    if (above.has(place) || to.startsWith(place + sep))
      throw new BadRequestError(
        `Cannot copy ${quote(path.join("/"))}: found the copy inside ${quote(folder.join("/"))}, expected it elsewhere`,
      );
    await mkdir(target);
    above.add(place);
    for (const name of await readdir(place))
      if (places.isShown(place, name)) await copyEntry([...folder, name], join(target, name));
    above.delete(place);
  }

  async function copyEntry(entry: readonly string[], target: string): Promise<void> {
    const place = placeIfThere(places, entry);
    if (place === undefined) return;
    const found = await stat(place);
    if (found.isDirectory()) await copyInto(entry, target);
    else if (found.isFile()) await copyFile(place, target, constants.COPYFILE_EXCL);
  }

  try {
    await copyInto(path, to);
  } catch (error) {
    if (above.size > 0) await rm(to, { recursive: true, force: true }); // what is there is ours
    throw error;
  }
}

/** Undefined for what leads out of the project, or nowhere. */
function placeIfThere(places: Places, entry: readonly string[]): string | undefined {
  try {
    return places.placeOf(entry);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
