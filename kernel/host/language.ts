// What the kernel runs.

/** Of TypeScript: the language that cells may use. */
export const typescriptVersion = "6.0";
