// A folder for files that exist only for the checker, outside the user's: a mirror of the notebook's folder in which relative imports
// and packages resolve as they do there (TypeScript's `rootDirs`, links to node_modules).
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, parse, relative } from "node:path";

export interface Mirror {
  /** Of the mirror's tree; what is below it mirrors what is below `/`. */
  readonly root: string;
  /** Where the notebook's folder is mirrored. */
  readonly folder: string;
  write(name: string, text: string): void;
  remove(name: string): void;
  close(): void;
}

const prefix = "cellwright-types-";
/** Far more than the cells of a long session. */
const roomBytes = 16 * 2 ** 20;

export function createMirror(folder: string): Mirror {
  const place = placeForMirrors();
  sweep(place);
  const root = mkdtempSync(join(place, `${prefix}${process.pid}-`));
  const mirrored = join(root, relative(parse(folder).root, folder));
  mkdirSync(mirrored, { recursive: true });
  // At the very top, where a project's own comes before it: the library that came along.
  mkdirSync(join(root, "node_modules"));
  symlinkSync(ownPackage(), join(root, "node_modules/cellwright"));
  for (let at = folder; dirname(at) !== at; at = dirname(at)) {
    for (const name of ["node_modules", "package.json"])
      if (existsSync(join(at, name))) symlinkSync(join(at, name), join(root, relative(parse(at).root, at), name));
  }
  return {
    root,
    folder: mirrored,
    write: (name, text) => writeFileSync(join(mirrored, name), text),
    remove: (name) => rmSync(join(mirrored, name), { force: true }),
    close: () => rmSync(root, { recursive: true, force: true }),
  };
}

function ownPackage(): string {
  return dirname(createRequire(import.meta.url).resolve("cellwright/package.json"));
}

/** Every cell is written there: a disk may take milliseconds for what memory takes in microseconds. TMPDIR has the first word. */
function placeForMirrors(): string {
  const memory = "/dev/shm";
  if (process.env["TMPDIR"]) return tmpdir();
  try {
    accessSync(memory, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= roomBytes ? memory : tmpdir();
  } catch {
    return tmpdir(); // no such folder on this system, or not ours to write
  }
}

/** Mirrors of kernels that were killed. */
function sweep(place: string): void {
  for (const name of readdirSync(place)) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(place, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
