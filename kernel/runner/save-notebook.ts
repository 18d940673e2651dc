// A notebook file, its page or its print is there as a whole or not at all: written beside its place, then moved there.
import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Notebook } from "../notebook/nbformat.ts";
import { writeNotebook } from "../notebook/write-notebook.ts";

export function saveNotebook(path: string, notebook: Notebook): void {
  saveFile(path, writeNotebook(notebook));
}

export function saveFile(path: string, content: string | Uint8Array): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const beside = join(folder, `.${randomUUID()}.part`);
  const file = openSync(beside, "wx");
  try {
    writeAll(file, typeof content === "string" ? Buffer.from(content) : content);
    fsyncSync(file);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}
