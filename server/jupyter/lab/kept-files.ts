// Small texts kept in a folder under names of the user's: a setting, a workspace. Any name makes a file, none leaves the folder.
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeFile } from "../contents/write-file.ts";

export interface KeptFile {
  readonly name: string;
  readonly text: string;
  readonly created: string;
  readonly lastModified: string;
}

export interface KeptFiles {
  all(): Promise<KeptFile[]>;
  read(name: string): Promise<KeptFile | undefined>;
  write(name: string, text: string): Promise<void>;
  remove(name: string): Promise<void>;
}

/** @param ext of the files, with its dot */
export function keptFiles(folder: string, ext: string): KeptFiles {
  const placeOf = (name: string): string => join(folder, encode(name) + ext);

  async function read(name: string): Promise<KeptFile | undefined> {
    try {
      const [text, { birthtime, mtime }] = await Promise.all([readFile(placeOf(name), "utf8"), stat(placeOf(name))]);
      return { name, text, created: birthtime.toISOString(), lastModified: mtime.toISOString() };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  return {
    read,
    async all() {
      const files = await readdir(folder).catch(() => []);
      const names = files
        .filter((file) => file.endsWith(ext) && !file.startsWith("."))
        .map((file) => decode(file.slice(0, -ext.length)));
      return (await Promise.all(names.sort().map(read))).filter((file) => file !== undefined);
    },
    async write(name, text) {
      await mkdir(folder, { recursive: true });
      await writeFile(placeOf(name), text);
    },
    remove: (name) => rm(placeOf(name), { force: true }),
  };
}

/** Dots too: no name begins a hidden file or leads upwards. */
function encode(name: string): string {
  return encodeURIComponent(name).replaceAll(".", "%2E").replaceAll("*", "%2A");
}

function decode(file: string): string {
  return decodeURIComponent(file);
}
