// A seed told from a row's content, so that the same request gets the same explanation on every machine.

/** FNV-1a over the bytes of the numbers, little-endian. */
export function seedOf(row: Float64Array): number {
  const view = new DataView(new ArrayBuffer(8));
  let hash = 0x811c9dc5;
  for (const value of row) {
    view.setFloat64(0, value === 0 ? 0 : value, true); // −0 is 0
    for (let i = 0; i < 8; i++) hash = Math.imul(hash ^ view.getUint8(i), 0x01000193);
  }
  return hash >>> 0;
}
