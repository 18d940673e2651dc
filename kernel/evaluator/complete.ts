// What could be written at the cursor: members of a value that exists, else names in scope and words of the language.
import type { Session } from "node:inspector";
import { ask, declaredNames, lookUp, release } from "./look-up.ts";
import { memberPathAt } from "./member-path.ts";

export interface Completion {
  readonly matches: string[];
  /** Of words of the language and of globals, as Jupyter's front ends draw them. */
  readonly kinds: Readonly<Record<string, string>>;
  /** The text from here to the cursor is what a match replaces; UTF-16 units. */
  readonly start: number;
}

const keywords =
  `abstract any as async await boolean break case catch class const continue debugger default delete do else enum export
  extends false finally for from function if implements import in instanceof interface keyof let namespace never new null number
  object of private protected public readonly return satisfies static string super switch this throw true try type typeof
  undefined unknown using var void while with yield`.split(/\s+/);

export function complete(session: Session, code: string, cursor: number): Completion {
  const { object, prefix, start } = memberPathAt(code, cursor);
  const names = object === undefined ? namesInScope(session, code, prefix) : membersOf(session, object, prefix);
  release(session);
  const matches = names.filter((name) => name.startsWith(prefix));
  const kinds = object === undefined ? Object.fromEntries(matches.map((name) => [name, kindOf(name)])) : {};
  return { matches, kinds, start };
}

function kindOf(name: string): string {
  if (keywords.includes(name)) return "keyword";
  const { value } = Object.getOwnPropertyDescriptor(globalThis, name) ?? {}; // no getter is called
  if (typeof value === "function") return /^[A-Z]/.test(name) ? "class" : "function";
  return value === undefined ? "" : "variable";
}

function membersOf(session: Session, expression: string, prefix: string): string[] {
  const value = lookUp(session, expression);
  if (!value || value.type === "undefined" || value.subtype === "null") return [];
  const object = value.objectId ? value : lookUp(session, `Object(${expression})`);
  const names = (object && ask<string[]>(session, object, `${listMembers}`)) ?? [];
  return names.filter((name) => prefix.startsWith("_") || !name.startsWith("__"));
}

/** Own members first, then inherited ones; runs in the cells' context, on the value as `this`. */
function listMembers(this: object): string[] {
  const names = new Set<string>();
  for (let object: object | null = this; object; object = Object.getPrototypeOf(object)) {
    if (object === Object.prototype && names.size > 0 && !Object.hasOwn(this, "constructor"))
      names.delete("constructor");
    for (const name of Object.getOwnPropertyNames(object).sort())
      if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) names.add(name);
  }
  return [...names];
}

function namesInScope(session: Session, code: string, prefix: string): string[] {
  const globals = prefix === "" ? [] : Object.getOwnPropertyNames(globalThis).filter((name) => !name.startsWith("__"));
  const written = [
    ...code.matchAll(
      /(?:let|const|var|function\*?|class|enum|interface|type)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu,
    ),
  ];
  const own = [...written.map(([, name]) => name!), ...declaredNames(session)].sort();
  return [...new Set([...own, ...(prefix === "" ? [] : keywords), ...globals])].filter(
    (name) => name !== prefix || own.includes(name),
  );
}
