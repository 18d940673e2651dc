// What runs under which script name, so that a place V8 tells can be told as a place in the TypeScript someone wrote.
import { lineStarts, offsetAt, type Position, positionAt } from "./positions.ts";
import type { Rewritten } from "./rewrite.ts";
import type { Transpiled } from "./transpile.ts";

export interface SourceText {
  /** How it is named to people: `cell [3]`, or a file's path. */
  readonly label: string;
  readonly text: string;
  /** From V8's position in the script to one in the text. */
  locate(position: Position): Position;
}

export class Sources {
  readonly #byScript = new Map<string, SourceText>();
  readonly #byLabel = new Map<string, SourceText>();

  add(scriptName: string, source: SourceText): void {
    this.#byScript.set(scriptName, source);
    this.#byLabel.set(source.label, source);
  }

  byScript(name: string): SourceText | undefined {
    return this.#byScript.get(name);
  }

  names(): string[] {
    return [...this.#byScript.keys()];
  }

  byLabel(label: string): SourceText | undefined {
    return this.#byLabel.get(label);
  }
}

/** A cell: script → (edits) → JavaScript → (source map) → TypeScript. Lines are counted when first asked. */
export function cellSource(
  label: string,
  text: string,
  { js, toSource }: Transpiled,
  rewritten: Rewritten,
): SourceText {
  let starts: { script: number[]; js: number[] } | undefined;
  return {
    label,
    text,
    locate: (position) => {
      starts ??= { script: lineStarts(rewritten.script), js: lineStarts(js) };
      return toSource(positionAt(starts.js, rewritten.toSource(offsetAt(starts.script, position))));
    },
  };
}

/** Three lines around a place, the place marked. */
export function codeFrame({ text }: SourceText, { line, column }: Position): string[] {
  const lines = text.split("\n");
  const first = Math.max(line - 2, 1);
  const last = Math.min(line + 1, lines.length);
  const width = String(last).length;
  return lines.slice(first - 1, last).flatMap((content, i) => {
    const number = first + i;
    const shown = `${number === line ? ">" : " "} ${String(number).padStart(width)} | ${content}`;
    return number === line ? [shown, `  ${" ".repeat(width)} | ${marginOf(content, column)}^`] : [shown];
  });
}

/** White space as wide as the line before the column, tabs kept. */
function marginOf(content: string, column: number): string {
  return content.slice(0, column - 1).replace(/[^\t]/g, " ");
}
