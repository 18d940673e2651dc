// Functions that are handed to others: called at once, or kept for later.
import { anything, quiet } from "./frames.ts";
import type { SyntaxNode } from "./syntax.ts";
import { calleesOf, codeIn, nothing, type Value } from "./values.ts";
import type { Frame } from "./world.ts";

/** Runs what may be called among the values, given anything of `with`. */
export function callBack(values: Value, given: Value, site: SyntaxNode, frame: Frame, inside: boolean): Value {
  const codes = inside ? codeIn(values) : calleesOf(values).codes;
  const results: Value[number][] = [];
  for (const [code, exempt] of codes) {
    if (code.role === "class") continue;
    results.push(...frame.world.walk.run(code, anything(given), nothing, site, exempt ? quiet(frame) : frame));
  }
  return results;
}

/** Functions in the values may be called by others, any time from now on. */
export function keepFunctions(values: Value, frame: Frame): void {
  for (const code of codeIn(values).keys()) frame.effects.escapes.add(code);
}
