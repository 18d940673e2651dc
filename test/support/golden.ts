// Values that other libraries computed, and the numbers they computed them from: a generator that is the same in any language.
import { readFileSync } from "node:fs";

// biome-ignore lint/suspicious/noExplicitAny: a table of a hundred shapes, each known where it is used
type Golden = any;

/** test/fixtures/golden-statistics.json; its `about` says how the values came to be. */
export const golden: { readonly statistics: Golden; readonly telco: Golden; readonly [section: string]: Golden } =
  JSON.parse(readFileSync(new URL("../fixtures/golden-statistics.json", import.meta.url), "utf8"));

/** `n` numbers in [0, 1) of a linear congruential generator. */
export function lcg(seed: number, n: number): Float64Array {
  let state = seed >>> 0;
  return Float64Array.from({ length: n }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  });
}
