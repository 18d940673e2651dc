// A cell as the type checker sees it: a module of its own, in which every name of other cells it uses is imported. What is added stands
// behind the cell's text, so that places in the module are places in the cell. Pure.
import { createRequire } from "node:module";

/** How a later cell gets at a name. */
export type NameKind = "let" | "const" | "function" | "class" | "enum" | "namespace" | "type" | "import";

export interface CellModule {
  /** The cell's text, an object in parentheses. */
  readonly body: string;
  /** Characters put in front of the body's first line. */
  readonly shift: 0 | 1;
  /** Names for later cells. */
  readonly declares: ReadonlyMap<string, NameKind>;
  /** Of those, the ones its own `export` already gives. */
  readonly exported: ReadonlySet<string>;
  /** It declares global names or modules: every later cell sees them. */
  readonly ambient: boolean;
  /** Every word of it; the names it uses are among them. */
  readonly words: ReadonlySet<string>;
}

/** Undefined when it does not parse: that is for the evaluator to tell. */
export function readCell(code: string): CellModule | undefined {
  const object = /^\s*\{/.test(code) ? parse(`(${code}\n)`) : undefined;
  if (object) return describe(`(${code}\n)`, 1, object);
  const statements = parse(code);
  return statements && describe(code, 0, statements);
}

/** A cell that is being written and need not parse: what it declares is read off its words. */
export function readDraft(code: string): CellModule {
  const read = readCell(code);
  if (read?.shift === 0) return read;
  const declares = new Map<string, NameKind>();
  const declarations =
    /\b(const|let|var|function\s*\*?|class|enum|namespace|interface|type)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu;
  for (const [, kind, name] of code.matchAll(declarations)) declares.set(name!, kindOf(kind!));
  for (const [, list] of code.matchAll(/\bimport\s+([^"';]*?)\s+from\b/gu))
    for (const word of wordsOf(list!.replace(/[\p{ID_Continue}$*]+\s+as\s/gu, ""))) declares.set(word, "import");
  return { body: code, shift: 0, declares, exported: new Set(), ambient: false, words: wordsOf(code) };
}

/** What is added to a cell's text. */
export interface ModuleNeeds {
  /** Name → how it is declared, and the module it comes from. */
  readonly uses: ReadonlyMap<string, { readonly kind: NameKind; readonly from: string }>;
  /** Modules with global declarations. */
  readonly ambient: readonly string[];
}

export function moduleText({ body, declares, exported }: CellModule, { uses, ambient }: ModuleNeeds): string {
  const lines = [body, "export {};"];
  const own = [...declares.keys()].filter((name) => !exported.has(name));
  if (own.length > 0) lines.push(`export { ${own.join(", ")} };`);
  for (const [name, { kind, from }] of uses) {
    // An imported name cannot be assigned to; a `let` of an earlier cell can.
    if (kind === "let") lines.push(`declare let ${name}: typeof import(${JSON.stringify(from)}).${name};`);
    else lines.push(`import { ${name} } from ${JSON.stringify(from)};`);
  }
  for (const from of ambient) lines.push(`import ${JSON.stringify(from)};`);
  return lines.join("\n");
}

interface SyntaxNode {
  readonly type: string;
  readonly [field: string]: unknown;
}

function parse(code: string): readonly SyntaxNode[] | undefined {
  const { program, errors } = parser().parseSync("cell.ts", code, { lang: "ts", sourceType: "module" });
  if (errors.some(({ severity }) => severity === "Error")) return undefined;
  return program.body as unknown as SyntaxNode[];
}

/** Loaded when the first cell is read: the checker's process is to be started before. */
function parser(): typeof import("oxc-parser") {
  return createRequire(import.meta.url)("oxc-parser") as typeof import("oxc-parser");
}

function describe(body: string, shift: 0 | 1, statements: readonly SyntaxNode[]): CellModule {
  const declares = new Map<string, NameKind>();
  const exported = new Set<string>();
  let ambient = false;
  const declare = (statement: SyntaxNode, isExport: boolean): void => {
    const names = namesOf(statement);
    for (const [name, kind] of names) {
      declares.set(name, kind);
      if (isExport) exported.add(name);
    }
  };
  for (const statement of statements) {
    const { type, declaration, specifiers } = statement;
    if (type === "ExportNamedDeclaration" && declaration) declare(declaration as SyntaxNode, true);
    else if (type === "ExportNamedDeclaration")
      for (const specifier of specifiers as SyntaxNode[]) exported.add(nameOf(specifier["exported"]));
    else if (type === "ExportDefaultDeclaration") declare(declaration as SyntaxNode, false);
    else if (isAmbient(statement)) ambient = true;
    else declare(statement, false);
  }
  return { body, shift, declares, exported, ambient, words: wordsOf(body) };
}

/** `declare global` and `declare module "name"`. */
function isAmbient({ type, kind, id }: SyntaxNode): boolean {
  if (type === "TSGlobalDeclaration") return true;
  return type === "TSModuleDeclaration" && (kind === "global" || (id as SyntaxNode).type !== "Identifier");
}

function namesOf(statement: SyntaxNode): [string, NameKind][] {
  const { type, id, kind } = statement;
  switch (type) {
    case "ImportDeclaration":
      return (statement["specifiers"] as SyntaxNode[]).map(({ local }) => [nameOf(local), "import"]);
    case "TSImportEqualsDeclaration":
      return [[nameOf(id), "import"]];
    case "VariableDeclaration":
      return (statement["declarations"] as SyntaxNode[]).flatMap(({ id }) =>
        boundNames(id as SyntaxNode).map((name): [string, NameKind] => [name, kindOf(String(kind))]),
      );
    case "FunctionDeclaration":
    case "TSDeclareFunction":
      return id ? [[nameOf(id), "function"]] : [];
    case "ClassDeclaration":
      return id ? [[nameOf(id), "class"]] : [];
    case "TSEnumDeclaration":
      return [[nameOf(id), "enum"]];
    case "TSModuleDeclaration":
      return (id as SyntaxNode).type === "Identifier" ? [[nameOf(id), "namespace"]] : [];
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
      return [[nameOf(id), "type"]];
    default:
      return hoistedVars(statement).map((name) => [name, "let"]);
  }
}

/** `var` in blocks and loops. */
function hoistedVars(node: SyntaxNode): string[] {
  if (/Function|Class|TSModule/.test(node.type)) return [];
  const own =
    node.type === "VariableDeclaration" && node["kind"] === "var"
      ? (node["declarations"] as SyntaxNode[]).flatMap(({ id }) => boundNames(id as SyntaxNode))
      : [];
  const inner = Object.values(node)
    .flat()
    .filter((value): value is SyntaxNode => typeof value === "object" && value !== null && "type" in value);
  return [...own, ...inner.flatMap(hoistedVars)];
}

function boundNames(pattern: SyntaxNode | null): string[] {
  switch (pattern?.type) {
    case "Identifier":
      return [nameOf(pattern)];
    case "ObjectPattern":
      return (pattern["properties"] as SyntaxNode[]).flatMap((each) =>
        boundNames((each["value"] ?? each["argument"]) as SyntaxNode),
      );
    case "ArrayPattern":
      return (pattern["elements"] as (SyntaxNode | null)[]).flatMap(boundNames);
    case "AssignmentPattern":
      return boundNames(pattern["left"] as SyntaxNode);
    case "RestElement":
      return boundNames(pattern["argument"] as SyntaxNode);
    default:
      return [];
  }
}

function nameOf(node: unknown): string {
  const { name, value } = node as { name?: string; value?: unknown };
  return name ?? String(value);
}

function kindOf(word: string): NameKind {
  if (word === "var" || word === "let") return "let";
  if (word === "interface" || word === "type") return "type";
  if (word.startsWith("function")) return "function";
  if (word === "class" || word === "enum" || word === "namespace") return word;
  return "const"; // and the two kinds of `using`
}

function wordsOf(code: string): Set<string> {
  return new Set(code.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu));
}
