// Where the tables are, and why they are there.
import { access, constants, mkdir } from "node:fs/promises";
import { quote } from "../../core/check.ts";
import { warehouseFolder, warehouseSetting } from "../../core/settings.ts";

export interface WarehousePlace {
  /** Where tables are written to and read from. Absolute. */
  readonly folder: string;
  /** What CELLWRIGHT_WAREHOUSE asks for; undefined where it asks for nothing. */
  readonly wanted?: string;
  /** Why the folder is this one. */
  readonly reason: string;
}

/**
 * The warehouse: CELLWRIGHT_WAREHOUSE where it names a folder, else a folder of the home; made where there is none yet.
 *
 * @throws Error the folder cannot be written to
 */
export async function findWarehouse(): Promise<WarehousePlace> {
  const wanted = warehouseSetting();
  const folder = warehouseFolder();
  await requireWritable(folder);
  if (!wanted) return { folder, reason: "CELLWRIGHT_WAREHOUSE is not set: the home folder's own" };
  const [scheme] = /^[a-z][a-z0-9+.-]*:\/\//i.exec(wanted) ?? [];
  const reason = scheme
    ? `${scheme} cannot be written to yet: the home folder's own stands in for ${wanted}`
    : "as CELLWRIGHT_WAREHOUSE says";
  return { folder, wanted, reason };
}

async function requireWritable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new Error(
      `Cannot use the warehouse ${quote(folder)}: found ${(cause as Error).message}, expected a folder to write to`,
      { cause },
    );
  }
}
