// Arrow IPC files: stream, file format, and Feather version 2, which is the file format by another name.
import { quote } from "../core/check.ts";
import { fromArrow, toArrow } from "../frame/arrow.ts";
import type { FrameLike } from "../frame/columns.ts";
import type { Frame } from "../frame/frame.ts";
import { readBytes, writeWhole } from "./file-store.ts";

/**
 * Reads an uncompressed Arrow IPC file.
 *
 * @param path from the project's folder
 * @throws Error no such file, or no Arrow file
 */
export async function readArrow(path: string): Promise<Frame> {
  const bytes = await readBytes(path, "Arrow IPC");
  try {
    return fromArrow(new Uint8Array(bytes)); // a copy of its own: a small file's Buffer lies in a shared pool, unaligned
  } catch (cause) {
    throw new Error(
      `Cannot read ${quote(path)}: found ${(cause as Error).message}, expected an uncompressed Arrow IPC file or stream`,
      { cause },
    );
  }
}

/**
 * Writes a table as an Arrow IPC file, which Feather readers take too, whole or not at all.
 *
 * @returns the absolute path
 */
export async function writeArrow(path: string, frame: FrameLike): Promise<string> {
  return writeWhole(path, toArrow(frame, { format: "file" }));
}
