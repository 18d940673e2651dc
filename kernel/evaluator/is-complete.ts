// Would running this text make sense, or does it end too early? Decided by the parser alone.
import { SourceSyntaxError, transpile } from "./transpile.ts";

export interface Completeness {
  readonly status: "complete" | "incomplete" | "invalid";
  /** White space the next line starts with; only when incomplete. */
  readonly indent?: string;
}

export function isComplete(source: string): Completeness {
  try {
    transpile(source);
    return { status: "complete" };
  } catch (error) {
    if (!(error instanceof SourceSyntaxError)) throw error;
    return error.incomplete ? { status: "incomplete", indent: nextIndent(source) } : { status: "invalid" };
  }
}

function nextIndent(source: string): string {
  const last = source.trimEnd().split("\n").at(-1) ?? "";
  const indent = /^\s*/.exec(last)![0];
  return /[{([]$/.test(last) ? `${indent}  ` : indent;
}
