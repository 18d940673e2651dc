// What the contents API says of a file or folder, with its content as the browser takes it. Keys as the API names them.
// https://jupyter-server.readthedocs.io/en/stable/developers/contents.html
import { createHash } from "node:crypto";
import type { Stats } from "node:fs";
import { quote } from "../../../lib/core/check.ts";
import { BadRequestError } from "../../errors.ts";
import { notebookForBrowser, notebookText } from "./notebook-text.ts";

export type ContentsType = "directory" | "file" | "notebook";
export type ContentsFormat = "json" | "text" | "base64";

export interface ContentsModel {
  readonly name: string;
  readonly path: string;
  readonly type: ContentsType;
  readonly created: string;
  readonly last_modified: string;
  readonly writable: boolean;
  readonly size: number | null;
  readonly mimetype: string | null;
  readonly format: ContentsFormat | null;
  readonly content: unknown;
  readonly hash: string | null;
  readonly hash_algorithm: "sha256" | null;
}

/** Without content. */
export function modelOf(path: string, found: Stats, type?: ContentsType): ContentsModel {
  const isFolder = found.isDirectory();
  return {
    name: path.slice(path.lastIndexOf("/") + 1),
    path,
    type: isFolder ? "directory" : (type ?? (path.endsWith(".ipynb") ? "notebook" : "file")),
    created: found.birthtime.toISOString(),
    last_modified: found.mtime.toISOString(),
    writable: (found.mode & 0o222) !== 0,
    size: isFolder ? null : found.size,
    mimetype: null,
    format: null,
    content: null,
    hash: null,
    hash_algorithm: null,
  };
}

export function withHash(model: ContentsModel, bytes: Uint8Array): ContentsModel {
  return { ...model, hash: hashOf(bytes), hash_algorithm: "sha256" };
}

export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * @param format how a file's bytes are to come; default text where they are UTF-8, else base64
 * @throws NotebookError no notebook · BadRequestError no text
 */
export function withContent(model: ContentsModel, bytes: Buffer, format?: ContentsFormat): ContentsModel {
  if (model.type === "notebook") return { ...model, format: "json", content: notebookForBrowser(bytes, model.path) };
  const text = format === "base64" ? undefined : textOf(bytes);
  if (text !== undefined) return { ...model, format: "text", mimetype: "text/plain", content: text };
  if (format === "text")
    throw new BadRequestError(`Cannot read ${quote(model.path)}: found bytes that are no UTF-8, expected text`);
  return { ...model, format: "base64", mimetype: "application/octet-stream", content: bytes.toString("base64") };
}

export interface Saved {
  readonly type: ContentsType;
  readonly format?: ContentsFormat | null | undefined;
  readonly content?: unknown;
}

/**
 * What goes to disk.
 *
 * @param before what the file holds now
 * @throws NotebookError, BadRequestError the content is not what the type says
 */
export function bytesOf({ type, format, content }: Saved, path: string, before?: Uint8Array): Buffer {
  if (type === "notebook") return Buffer.from(notebookText(content, path, before));
  if (typeof content === "string") return Buffer.from(content, format === "base64" ? "base64" : "utf8");
  throw new BadRequestError(`Cannot save ${quote(path)}: found content that is no text, expected text or base64`);
}

/** Undefined for what is no UTF-8 text. */
function textOf(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
