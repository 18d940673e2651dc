// What a name means: its kind, its type as far as the value tells, and the value.
import type { Session } from "node:inspector";
import { ask, lookUp, release } from "./look-up.ts";
import { nameAt } from "./member-path.ts";

export interface Inspection {
  /** Plain text. */
  readonly text: string;
  readonly markdown: string;
}

/** @param detail 0 a glance, 1 with a function's whole source */
export function inspectName(session: Session, code: string, cursor: number, detail: number): Inspection | undefined {
  const found = nameAt(code, cursor);
  const value = found && lookUp(session, found.expression);
  if (!found || !value) return undefined;
  const lines = describe(session, found.name, value, detail);
  release(session);
  return { text: lines.join("\n"), markdown: `\`\`\`typescript\n${lines.join("\n")}\n\`\`\`` };
}

type Value = NonNullable<ReturnType<typeof lookUp>>;

function describe(session: Session, name: string, value: Value, detail: number): string[] {
  if (value.type === "function") {
    const source = ask<string>(session, value, "function () { return Function.prototype.toString.call(this); }") ?? "";
    const named = source.replace(/^((?:async )?function\*?) *\(/, `$1 ${name}(`);
    const shown = detail > 0 ? named : signatureOf(named);
    return [`${/^class\b/.test(source) ? "class" : "function"} ${name}`, shown];
  }
  const type = value.subtype === "null" ? "null" : (value.className ?? value.type);
  return [`${name}: ${type}`, textOf(session, value)];
}

function signatureOf(source: string): string {
  const head = source.split("\n")[0]!;
  return source.includes("\n") ? head.replace(/\s*\{\s*$/, " { … }") : head.slice(0, 200);
}

function textOf(session: Session, value: Value): string {
  if (value.objectId) return ask<string>(session, value, inspectInContext) ?? value.description ?? "";
  return value.type === "string" ? JSON.stringify(value.value) : String(value.unserializableValue ?? value.value);
}

const inspectInContext = `function () {
  return process.getBuiltinModule("node:util").inspect(this, { depth: 2, maxArrayLength: 20, maxStringLength: 500 });
}`;
