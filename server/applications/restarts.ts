// When a program that ended is started again, and when it is given up. Pure.

export interface RestartRules {
  /** A program that was well for this long has its earlier failures forgiven. Default a minute. */
  readonly steadyMs: number;
  /** Wait before the first restart; it doubles with each quick failure. Default half a second. */
  readonly firstMs: number;
  /** Default half a minute. */
  readonly longestMs: number;
  /** Quick failures in a row after which it is given up. Default 5. */
  readonly failures: number;
}

export const defaultRestarts: RestartRules = { steadyMs: 60_000, firstMs: 500, longestMs: 30_000, failures: 5 };

export interface Ended {
  /** How long it had been ready; 0 when it never was. */
  readonly readyMs: number;
  /** Starting it again can only end the same way. */
  readonly hopeless: boolean;
}

export type Verdict =
  | { readonly do: "restart"; readonly afterMs: number; readonly failures: number }
  | { readonly do: "give-up" };

/** @param failures quick ones in a row before this end */
export function afterEnd(ended: Ended, failures: number, rules: RestartRules): Verdict {
  if (ended.hopeless) return { do: "give-up" };
  const inARow = ended.readyMs >= rules.steadyMs ? 1 : failures + 1;
  if (inARow >= rules.failures) return { do: "give-up" };
  return { do: "restart", failures: inARow, afterMs: Math.min(rules.longestMs, rules.firstMs * 2 ** (inARow - 1)) };
}
