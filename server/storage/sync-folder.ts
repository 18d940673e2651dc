// A new file's name can be lost with the power although its content was synced: the folder holds the name.
import { open } from "node:fs/promises";

/** When it resolves, the names in the folder are on the disk. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return; // folders cannot be opened there
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
