// The script name of a cell: which run it is, and a hash of its text, by which a debugger knows it before it runs.

/** `cell:///RUN/HASH`. */
export function cellName(run: number, code: string): string {
  return `cell:///${run}/${murmur2(code)}`;
}

/** MurmurHash2 of 32 bits over UTF-8, seed 0: what Jupyter's clients call "Murmur2". */
export function murmur2(text: string): number {
  const m = 0x5bd1e995;
  const bytes = Buffer.from(text);
  let h = bytes.length | 0;
  let at = 0;
  for (; bytes.length - at >= 4; at += 4) {
    let k = Math.imul(bytes.readInt32LE(at), m);
    k = Math.imul(k ^ (k >>> 24), m);
    h = Math.imul(h, m) ^ k;
  }
  if (at < bytes.length) {
    for (let i = bytes.length - 1; i >= at; i--) h ^= bytes[i]! << (8 * (i - at));
    h = Math.imul(h, m);
  }
  h = Math.imul(h ^ (h >>> 13), m);
  return (h ^ (h >>> 15)) >>> 0;
}
