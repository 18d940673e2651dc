// Names that scripts and threads agree on.

/** The one name on globalThis that rewritten cells use; the runtime is found under it. */
export const runtimeName = "__cellwright__";

/** The script name of the helper thread's questions; whatever is on the stack below it was running when it asked. */
export const questionScript = "cellwright:question";
