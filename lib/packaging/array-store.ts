// Long lists of numbers of a saved model, kept as bytes beside its JSON: exact, compact, and no code to execute.
// One file of little-endian doubles; in the JSON a list becomes {"$f64": [first, length]}.
import type { JsonValue } from "../contract/signature.ts";

/** Shorter lists stay readable in the JSON. */
const shortest = 16;

export interface Stored {
  readonly json: JsonValue;
  /** Little-endian doubles, all lists one after the other. */
  readonly bytes: Uint8Array;
}

/** Takes the lists of at least 16 numbers out of a JSON value. */
export function storeArrays(value: unknown): Stored {
  const lists: (readonly number[])[] = [];
  let length = 0;
  const take = (part: unknown): JsonValue => {
    if (isNumbers(part)) {
      lists.push(part);
      length += part.length;
      return { $f64: [length - part.length, part.length] };
    }
    if (Array.isArray(part)) return part.map(take);
    if (part === null || typeof part !== "object") return part as JsonValue;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, take(inner)]));
  };
  const json = take(JSON.parse(JSON.stringify(value)));
  const bytes = new Uint8Array(length * 8);
  const view = new DataView(bytes.buffer);
  for (const [i, number] of lists.flat().entries()) view.setFloat64(i * 8, number, true);
  return { json, bytes };
}

/**
 * The value back, its long lists as Float64Array.
 *
 * @throws RangeError the JSON speaks of more numbers than there are bytes
 */
export function restoreArrays({ json, bytes }: Stored): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const put = (part: JsonValue): unknown => {
    if (part === null || typeof part !== "object") return part;
    if (Array.isArray(part)) return part.map(put);
    const { $f64 } = part as { readonly $f64?: readonly [number, number] };
    if ($f64) return Float64Array.from({ length: $f64[1] }, (_, i) => view.getFloat64(($f64[0] + i) * 8, true));
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, put(inner)]));
  };
  return put(json);
}

function isNumbers(part: unknown): part is readonly number[] {
  return Array.isArray(part) && part.length >= shortest && part.every((value) => typeof value === "number");
}
