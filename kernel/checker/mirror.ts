// A folder for files that exist only for the checker, outside the user's: a mirror of the notebook's folder in which relative imports
// and packages resolve as they do there (TypeScript's `rootDirs`, links to node_modules).
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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

export function createMirror(folder: string): Mirror {
  sweep();
  const root = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
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

/** Mirrors of kernels that were killed. */
function sweep(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(tmpdir(), name), { recursive: true, force: true });
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
