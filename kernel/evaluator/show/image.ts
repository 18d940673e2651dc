// Bytes that are a picture, known by how they begin.
import { counted } from "./escape.ts";

export interface Picture {
  readonly mime: string;
  /** SVG is text, the others are bytes. */
  readonly data: string | Uint8Array;
  readonly text: string;
}

/** Larger ones would make notebooks that nobody can open. */
const largestBytes = 20 << 20;

export function pictureOf(value: unknown): Picture | undefined {
  if (!(value instanceof Uint8Array) || value.length < 8 || value.length > largestBytes) return undefined;
  const found = formats.find(({ is }) => is(value));
  if (!found) return undefined;
  const { name, mime, size } = found;
  const pixels = size?.(new DataView(value.buffer, value.byteOffset, value.byteLength));
  const text = [`${name} image`, ...(pixels ? [pixels.join(" × ")] : []), counted(value.length, "byte")].join(", ");
  return { mime, text, data: name === "SVG" ? new TextDecoder().decode(value) : value };
}

interface Format {
  readonly name: string;
  readonly mime: string;
  is(bytes: Uint8Array): boolean;
  /** Width and height, where the first bytes tell. */
  size?(view: DataView): [number, number] | undefined;
}

const formats: readonly Format[] = [
  {
    name: "PNG",
    mime: "image/png",
    is: (bytes) => begins(bytes, 0, "\x89PNG\r\n\x1a\n"),
    size: (view) => (view.byteLength < 24 ? undefined : [view.getUint32(16), view.getUint32(20)]),
  },
  { name: "JPEG", mime: "image/jpeg", is: (bytes) => begins(bytes, 0, "\xff\xd8\xff") },
  {
    name: "GIF",
    mime: "image/gif",
    is: (bytes) => begins(bytes, 0, "GIF87a") || begins(bytes, 0, "GIF89a"),
    size: (view) => (view.byteLength < 10 ? undefined : [view.getUint16(6, true), view.getUint16(8, true)]),
  },
  { name: "WebP", mime: "image/webp", is: (bytes) => begins(bytes, 0, "RIFF") && begins(bytes, 8, "WEBP") },
  { name: "SVG", mime: "image/svg+xml", is: isSvg },
];

function begins(bytes: Uint8Array, at: number, mark: string): boolean {
  return bytes.length >= at + mark.length && [...mark].every((char, i) => bytes[at + i] === char.charCodeAt(0));
}

/** Perhaps after a declaration, a document type and comments. */
function isSvg(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x3c && bytes[0] !== 0xef && bytes[0]! > 0x20) return false;
  const head = new TextDecoder().decode(bytes.subarray(0, 1024));
  return /^\s*(?:<\?xml[^>]*\?>\s*|<!DOCTYPE[^>]*>\s*|<!--[\s\S]*?-->\s*)*<svg[\s>]/.test(head);
}
