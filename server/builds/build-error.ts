// A notebook that gives no build. The message names the cell and, where a name is missing, the chain that needs it.

export class BuildError extends Error {
  override readonly name = "BuildError";
  /** Id of the cell, when one is to blame. */
  readonly cell: string | undefined;
  /** Line of the cell, from 1. */
  readonly line: number | undefined;

  constructor(message: string, { cell, line, cause }: { cell?: string; line?: number; cause?: unknown } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.cell = cell;
    this.line = line;
  }
}

/** As people know a cell: `cell 4 (explain)`. */
export function cellName({ id, position }: { readonly id: string; readonly position: number }): string {
  return `cell ${position} (${id})`;
}
