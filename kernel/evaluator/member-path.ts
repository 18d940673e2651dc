// The expression around a cursor: what stands before the dot, and the name being written. Pure.

export interface MemberPath {
  /** Expression whose member is meant; undefined for a plain name. */
  readonly object: string | undefined;
  /** The name, up to the cursor. */
  readonly prefix: string;
  /** Where the name starts. */
  readonly start: number;
}

/** @param cursor offset in UTF-16 units */
export function memberPathAt(code: string, cursor: number): MemberPath {
  const before = code.slice(0, cursor);
  const prefix = /[\p{ID_Continue}$#]*$/u.exec(before)![0];
  const start = cursor - prefix.length;
  const dot = /(\?\.|!\.|\.)\s*$/.exec(before.slice(0, start));
  const isNumber = /(^|[^\w$\])])\d+\.$/.test(before.slice(0, start));
  const isSpread = /\.\.\.\s*$/.test(before.slice(0, start));
  if (!dot || isNumber || isSpread) return { object: undefined, prefix, start };
  const end = dot.index;
  return { object: before.slice(expressionStart(before, end), end).trim() || undefined, prefix, start };
}

/** The whole name at a cursor, with what stands before it: `foo.bar` for a cursor anywhere in `bar`. */
export function nameAt(code: string, cursor: number): { expression: string; name: string } | undefined {
  const rest = /^[\p{ID_Continue}$]*/u.exec(code.slice(cursor))![0];
  const { object, prefix } = memberPathAt(code, cursor);
  const name = prefix + rest;
  if (!/^[\p{ID_Start}$_]/u.test(name)) {
    // After a name's opening parenthesis the function is meant: `foo(|`.
    const called = /[\p{ID_Continue}$]\s*\($/u.exec(code.slice(0, cursor));
    return called ? nameAt(code, called.index + 1) : undefined;
  }
  return { expression: object === undefined ? name : `(${object}).${name}`, name };
}

const pairs: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

/** Walks back over names, dots, brackets and literals that belong together. */
function expressionStart(code: string, end: number): number {
  let at = end;
  while (at > 0) {
    const character = code[at - 1]!;
    if (/[\p{ID_Continue}$#!]/u.test(character)) at--;
    else if (character === ".") at -= code[at - 2] === "?" ? 2 : 1;
    else if (character in pairs) {
      const open = openingOf(code, at - 1);
      if (open < 0) return at;
      at = open;
      if (character === "}") return at;
    } else if (/["'`]/.test(character)) {
      const open = code.lastIndexOf(character, at - 2);
      return open < 0 ? at : open;
    } else return at;
  }
  return at;
}

function openingOf(code: string, close: number): number {
  const stack: string[] = [];
  for (let at = close; at >= 0; at--) {
    const character = code[at]!;
    if (/["'`]/.test(character)) at = code.lastIndexOf(character, at - 1);
    else if (character in pairs) stack.push(pairs[character]!);
    else if (character === stack.at(-1)) {
      stack.pop();
      if (stack.length === 0) return at;
    }
    if (at < 0) break;
  }
  return -1;
}
