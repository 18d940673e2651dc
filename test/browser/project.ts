// A project of notebooks and programs in a folder of its own, and gates its cells wait at until a test opens them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { notebookOf } from "./served-model.ts";

export interface Project {
  readonly folder: string;
  notebook(path: string, cells: readonly string[]): void;
  file(path: string, text: string): void;
  /** Source of a cell that waits until the gate is opened. */
  gate(name: string): string;
  open(gate: string): void;
  remove(): void;
}

export function makeProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), "cellwright-project-"));
  const file = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const gatePath = (name: string): string => join(folder, `${name}.gate`);
  return {
    folder,
    file,
    notebook: (path, cells) => file(path, JSON.stringify(notebookOf(cells))),
    gate: (name) =>
      `while (!(await import("node:fs")).existsSync(${JSON.stringify(gatePath(name))})) await new Promise((go) => setTimeout(go, 50));`,
    open: (name) => writeFileSync(gatePath(name), ""),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
