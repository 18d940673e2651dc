// Takes apart what packages come in: npm's tarballs (gzip, ustar with pax names) and PyPI's wheels (zip). Files alone, no links, and
// none outside the folder. https://www.gnu.org/software/tar/manual/html_node/Standard.html, https://pkware.cachefly.net/webdocs/APPNOTE/APPNOTE-6.3.9.TXT
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join, normalize } from "node:path";
import { gunzipSync, inflateRawSync } from "node:zlib";

interface Entry {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** @throws Error it is neither a tarball nor a wheel, is broken, or holds a path outside */
export function unpack(archive: string, folder: string): void {
  const bytes = readFileSync(archive);
  const entries = bytes.readUInt16BE(0) === 0x1f8b ? tarEntries(gunzipSync(bytes)) : zipEntries(bytes);
  for (const { path, bytes } of entries) {
    const place = normalize(path);
    if (isAbsolute(place) || place.startsWith("..") || /[\\\0]/.test(path))
      throw new Error(`Cannot unpack ${archive}: found ${JSON.stringify(path)} in it, expected paths inside`);
    mkdirSync(dirname(join(folder, place)), { recursive: true });
    writeFileSync(join(folder, place), bytes);
  }
}

const block = 512;

function tarEntries(bytes: Buffer): Entry[] {
  const entries: Entry[] = [];
  let longName: string | undefined;
  for (let at = 0; at + block <= bytes.length && bytes[at] !== 0; ) {
    const text = (from: number, length: number): string =>
      bytes.toString("utf8", at + from, at + from + length).replace(/\0[\s\S]*$/, "");
    const size = Number.parseInt(text(124, 12), 8) || 0;
    const kind = text(156, 1);
    const data = bytes.subarray(at + block, at + block + size);
    if (kind === "x") longName = /(?:^|\n)\d+ path=([^\n]*)\n/.exec(data.toString("utf8"))?.[1];
    else if (kind === "L") longName = data.toString("utf8").replace(/\0+$/, "");
    else {
      const prefix = text(345, 155);
      const path = longName ?? (prefix ? `${prefix}/${text(0, 100)}` : text(0, 100));
      if (kind === "0" || kind === "") entries.push({ path, bytes: data });
      longName = undefined;
    }
    at += block + Math.ceil(size / block) * block;
  }
  return entries;
}

function zipEntries(bytes: Buffer): Entry[] {
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  if (end < 0) throw new Error("Cannot unpack: found neither a tarball nor a wheel");
  const entries: Entry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size, nameLength] = [
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
    ];
    const path = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(from, from + size);
    if (!path.endsWith("/")) entries.push({ path, bytes: method === 0 ? data : inflateRawSync(data) });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}
