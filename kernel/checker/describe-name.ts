// A name at a cursor: its declaration as TypeScript would write it, and what its comment says.
import type { NameKind } from "./cell-module.ts";
import type { TypeQuestions, TypeSymbol } from "./type-questions.ts";

export interface NameInfo {
  /** `const rows: Row[]` */
  readonly signature: string;
  /** Markdown. */
  readonly documentation: string;
}

export interface NameQuestion {
  readonly path: string;
  readonly cursor: number;
  /** How a cell declared the name. */
  kindOf(name: string): NameKind | undefined;
}

/** Of TypeScript's SymbolFlags. */
const flags = {
  property: 4,
  enumMember: 8,
  function: 16,
  class: 32,
  interface: 64,
  enum: 384,
  module: 1536,
  method: 8192,
  accessor: 98304,
  typeParameter: 262144,
  typeAlias: 524288,
  alias: 2097152,
} as const;

export async function describeName(
  asking: TypeQuestions,
  { path, cursor, kindOf }: NameQuestion,
): Promise<NameInfo | undefined> {
  const at = await asking.symbolAt(path, cursor);
  if (!at || at.name.startsWith('"')) return undefined; // no name here: the module itself
  const symbol = at.flags & flags.alias ? await asking.aliased(at) : at;
  if (!symbol || symbol.flags & flags.alias) return undefined; // an import that leads nowhere
  const [signature, comment, tags] = await Promise.all([
    signatureOf(asking, symbol, { path, cursor, kindOf }),
    asking.documentation(symbol),
    asking.tags(symbol),
  ]);
  const told = tags.map(({ name, text }) => `\n\n*@${name}* ${textOf(text)}`);
  return { signature, documentation: [comment, ...told].join("").trim() };
}

async function signatureOf(
  asking: TypeQuestions,
  symbol: TypeSymbol,
  { path, cursor, kindOf }: NameQuestion,
): Promise<string> {
  const { name } = symbol;
  const has = (flag: number) => (symbol.flags & flag) !== 0;
  if (has(flags.module)) return `namespace ${name}`;
  if (has(flags.class)) return `class ${name}`;
  if (has(flags.interface)) return `interface ${name}`;
  if (has(flags.enum)) return `enum ${name}`;
  if (has(flags.typeParameter)) return `(type parameter) ${name}`;
  const type = has(flags.typeAlias)
    ? await asking.declaredType(symbol)
    : ((await asking.typeAt(path, cursor)) ?? (await asking.typeOf(symbol)));
  const text = type ? await asking.typeText(type) : "any";
  if (has(flags.typeAlias)) return `type ${name} = ${text}`;
  if (has(flags.function)) return `function ${name}${callForm(text)}`;
  if (has(flags.method)) return `(method) ${name}${callForm(text)}`;
  if (has(flags.enumMember)) return `(enum member) ${text}`;
  if (has(flags.property) || has(flags.accessor)) return `(property) ${name}: ${text}`;
  const kind = kindOf(name);
  return `${kind === "const" || kind === "let" ? kind : "var"} ${name}: ${text}`;
}

/** `(a: string) => number` as a declaration has it; what has several signatures stays as it is. */
function callForm(type: string): string {
  if (!/^(<.*>)?\(/.test(type)) return `: ${type}`;
  const arrow = arrowAt(type);
  return arrow < 0 ? `: ${type}` : `${type.slice(0, arrow)}: ${type.slice(arrow + 4)}`;
}

/** The arrow behind the parameters, not one inside them. */
function arrowAt(type: string): number {
  let depth = 0;
  for (let at = 0; at < type.length; at++) {
    const character = type[at]!;
    if ("([{<".includes(character)) depth++;
    else if (")]}".includes(character) || (character === ">" && type[at - 1] !== "=")) depth--;
    else if (depth === 0 && type.startsWith(" => ", at)) return at;
  }
  return -1;
}

function textOf(text: unknown): string {
  if (Array.isArray(text)) return text.map(textOf).join("");
  if (typeof text === "object" && text !== null && "text" in text) return String(text.text);
  return text === undefined ? "" : String(text);
}
