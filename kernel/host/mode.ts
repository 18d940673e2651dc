// When a kernel checks types.

/** `check`: types first, and nothing runs that is wrong. `run`: at once, types after. */
export type Mode = "check" | "run";
export const modes: readonly Mode[] = ["check", "run"];
