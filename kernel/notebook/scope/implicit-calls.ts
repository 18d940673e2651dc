// What JavaScript runs by itself: getters, setters, iterators, the methods it calls to print, add or await a thing.
import { anything, quiet } from "./frames.ts";
import type { SyntaxNode } from "./syntax.ts";
import { anyKey, type Code, codeIn, computedKey, nothing, type Value } from "./values.ts";
import type { Frame } from "./world.ts";

/** Runs the methods of these names that JavaScript calls by itself, and what stands under a computed key (`[Symbol.iterator]`). */
export function touch(value: Value, keys: ReadonlySet<string>, site: SyntaxNode, frame: Frame): Value {
  return runImplicit(
    value,
    ({ role, key }) => role === "function" && (key === computedKey || key === anyKey || keys.has(key!)),
    nothing,
    site,
    frame,
  );
}

/** Runs the getters that reading this property may run; all for a computed one. */
export function readGetters(value: Value, name: string | undefined, site: SyntaxNode, frame: Frame): Value {
  return runImplicit(value, ({ role, key }) => role === "getter" && mayBe(key, name), nothing, site, frame);
}

export function runSetters(
  receiver: Value,
  name: string | undefined,
  value: Value,
  site: SyntaxNode,
  frame: Frame,
): void {
  runImplicit(receiver, ({ role, key }) => role === "setter" && mayBe(key, name), value, site, frame);
}

function runImplicit(
  value: Value,
  wanted: (code: Code) => boolean,
  given: Value,
  site: SyntaxNode,
  frame: Frame,
): Value {
  if (!frame.world.hasImplicitCode) return nothing;
  const found: Value[number][] = [];
  for (const [code, exempt] of codeIn(value))
    if (wanted(code))
      found.push(...frame.world.walk.run(code, anything(given), value, site, exempt ? quiet(frame) : frame));
  return found;
}

function mayBe(key: string | undefined, name: string | undefined): boolean {
  return name === undefined || key === name || key === computedKey || key === anyKey;
}
