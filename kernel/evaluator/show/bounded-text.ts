// util.inspect for values of any size: what would take too long is shown less deep, and an object with very many keys in part.
import { inspect, types } from "node:util";

const deepest = 4;
const listed = 100;
/** Values in one text; a thousand of them take about a millisecond. */
const mostValues = 10_000;
const mostKeys = 200;
const textLimit = 200_000;

export function boundedText(value: unknown): string {
  const { shown, left } = withFewKeys(value);
  let depth = deepest;
  while (depth > 0 && countWithin(shown, depth, mostValues) < 0) depth--;
  const text = inspect(shown, { depth, maxArrayLength: listed, maxStringLength: 10_000, breakLength: 100 });
  const whole = left > 0 ? `${text}\n… ${left.toLocaleString("en")} more keys` : text;
  return whole.length > textLimit ? `${whole.slice(0, textLimit)}… ${whole.length - textLimit} more characters` : whole;
}

/** Its first keys under its own prototype, where it is an object with very many. */
function withFewKeys(value: unknown): { shown: unknown; left: number } {
  if (!isRecord(value)) return { shown: value, left: 0 };
  const keys = Object.keys(value);
  if (keys.length <= mostKeys) return { shown: value, left: 0 };
  const shown = Object.create(Object.getPrototypeOf(value) as object | null) as object;
  for (const key of keys.slice(0, mostKeys))
    Object.defineProperty(shown, key, Object.getOwnPropertyDescriptor(value, key)!);
  return { shown, left: keys.length - mostKeys };
}

function isRecord(value: unknown): value is object {
  if (typeof value !== "object" || value === null || types.isProxy(value)) return false;
  return (
    !Array.isArray(value) && !ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === "[object Object]"
  );
}

/** How many of `left` remain after what inspect would write at this depth; below zero when it is too much. */
function countWithin(value: unknown, depth: number, left: number): number {
  if (typeof value !== "object" || value === null || types.isProxy(value)) return left - 1;
  let rest = left - 1;
  if (depth < 0 || ArrayBuffer.isView(value)) return rest;
  for (const part of partsOf(value, rest)) {
    rest = countWithin(part, depth - 1, rest);
    if (rest < 0) return rest;
  }
  return rest;
}

function partsOf(value: object, most: number): Iterable<unknown> {
  if (Array.isArray(value)) return value.length > listed ? value.slice(0, listed) : value;
  if (value instanceof Map) return firstOf(value as Map<unknown, unknown>);
  if (value instanceof Set) return firstOf(value as Set<unknown>);
  const keys = Object.keys(value);
  if (keys.length > most) return keys; // counted, which is too much already
  return keys.map((key) => Object.getOwnPropertyDescriptor(value, key)?.value as unknown);
}

function* firstOf(values: Iterable<unknown>): Generator<unknown> {
  let count = 0;
  for (const each of values) {
    if (count++ >= listed) return;
    if (Array.isArray(each)) yield* each;
    else yield each;
  }
}
