// A notebook's code cells as one program: which statement declares, reads and changes what, once every cell has run in order in
// one shared scope. Pure; nothing is executed. A name declared again has versions; functions see the latest.
import { type Declaration, declarationsOf, resolveLocals } from "./bindings.ts";
import { run } from "./calls.ts";
import { evaluate } from "./expressions.ts";
import { type CodeCell, type ParsedCell, parseCell } from "./parse-cell.ts";
import { follow } from "./statements.ts";
import { child, children, codeChildren, field, identifiersIn, isTypeOnly, nameOf, type SyntaxNode } from "./syntax.ts";
import { type Code, codeIn, type Slot, same, type Value } from "./values.ts";
import { type Effects, noEffects, type Version, World } from "./world.ts";

export interface Statement {
  readonly node: SyntaxNode;
  /** Index into the analysis' cells. */
  readonly cell: number;
  readonly time: number;
  readonly isImport: boolean;
  readonly declares: readonly Version[];
  /** What running it reads and changes, the functions it calls included. */
  effects: Effects;
}

/** `export function f`, `export { g as f }`, `export { f } from "module"`. */
export interface NotebookExport {
  readonly name: string;
  /** Name in the shared scope; undefined when it is passed on from a module. */
  readonly local: string | undefined;
  readonly statement: Statement;
}

export interface Analysis {
  readonly cells: readonly ParsedCell[];
  readonly statements: readonly Statement[];
  /** In order; the last of a name counts. */
  readonly exports: readonly NotebookExport[];
  readonly world: World;
}

/** The name in the shared scope of what `export default` exports without naming it. */
export const defaultName = "*default*";

const cellTime = 100_000;
const maxRounds = 40;

/** @param exported name of the export whose calls change nothing that counts */
export function analyzeCells(cells: readonly CodeCell[], exported?: string): Analysis {
  const world = new World({ evaluate, follow, run });
  const parsed = cells.map(parseCell);
  const statements = parsed.flatMap((cell, index) => [...toStatements(cell, index, world)]);
  const exports = statements.flatMap(exportsOf);
  for (const { name, local } of exports)
    if (name === exported && local !== undefined)
      for (const { slot } of world.versions.get(local) ?? []) slot.exempt = true;
  for (let round = 0; round < maxRounds; round++) {
    world.heap.changed = false;
    for (const statement of statements) followStatement(statement, world);
    if (!world.heap.changed) break;
  }
  return { cells: parsed, statements, exports, world };
}

/** When a cell starts; statements follow. */
export function startOf(cell: number): number {
  return cell * cellTime;
}

function* toStatements(parsed: ParsedCell, cell: number, world: World): Generator<Statement> {
  const start = startOf(cell);
  for (const name of parsed.problem?.declares ?? [])
    world.addVersion({ name, kind: "broken", time: start, cell, strong: true });
  for (const [index, node] of parsed.statements.entries()) {
    if (isTypeOnly(node)) continue;
    const time = start + 1 + index;
    resolveLocals(node, world.locals);
    const declares = declarationsOf(node).map((declaration) => addVersion(declaration, cell, start, time, world));
    if (node.type === "ExportDefaultDeclaration" && declares.length === 0)
      declares.push(world.addVersion({ name: defaultName, kind: "const", time, cell, strong: true, node }));
    yield { node, cell, time, isImport: node.type === "ImportDeclaration", declares, effects: noEffects() };
  }
}

function addVersion(
  { name, kind, node, strong }: Declaration,
  cell: number,
  start: number,
  time: number,
  world: World,
): Version {
  const hoisted = kind === "function" || kind === "import";
  return world.addVersion({ name, kind, node, strong, cell, time: hoisted ? start : time });
}

function followStatement(statement: Statement, world: World): void {
  const { node, time } = statement;
  statement.effects = noEffects();
  if (statement.isImport) importInto(node, world);
  else
    follow(node, {
      world,
      context: world.top,
      self: [],
      time,
      effects: statement.effects,
      exempt: false,
      seen: new Set(),
    });
  for (const name of guardedNames(node))
    if (statement.effects.reads.has(name)) statement.effects.reads.set(name, false);
}

function importInto(node: SyntaxNode, world: World): void {
  const module = String(field(child(node, "source")!, "value"));
  for (const specifier of children(node, "specifiers")) {
    const version = world.declaredAt.get(child(specifier, "local")!);
    if (version) world.heap.flow(version.slot, same(world.outside("import", importedName(specifier), module)));
  }
}

/** The name an import specifier takes from its module; `*` for all of it. */
export function importedName(specifier: SyntaxNode): string {
  if (specifier.type === "ImportDefaultSpecifier") return "default";
  if (specifier.type === "ImportNamespaceSpecifier") return "*";
  return moduleName(child(specifier, "imported")!);
}

function exportsOf(statement: Statement): NotebookExport[] {
  const { node, declares } = statement;
  if (node.type === "ExportDefaultDeclaration") return [{ name: "default", local: declares[0]!.name, statement }];
  if (node.type !== "ExportNamedDeclaration") return [];
  const declared = declares.map(({ name }) => ({ name, local: name, statement }));
  const fromModule = child(node, "source") !== undefined;
  const listed = children(node, "specifiers").filter((specifier) => !isTypeOnly(specifier));
  return [
    ...declared,
    ...listed.map((specifier) => ({
      name: moduleName(child(specifier, "exported")!),
      local: fromModule ? undefined : moduleName(child(specifier, "local")!),
      statement,
    })),
  ];
}

/** A name in an import or export list, which may be a string. */
export function moduleName(node: SyntaxNode): string {
  return node.type === "Literal" ? String(field(node, "value")) : nameOf(node);
}

/** What running any of this code, some time later, may read. */
export interface LaterReads {
  /** Shared names; true where a missing one would throw. */
  readonly names: ReadonlyMap<string, boolean>;
  /** Values of variables that the code has around it, and its `this`. */
  readonly captured: readonly Slot[];
}

export function laterReads(code: Code, world: World): LaterReads {
  const names = new Map<string, boolean>();
  const guarded = guardedNames(code.node);
  for (const node of identifiersIn(code.node))
    if (!world.locals.has(node)) names.set(nameOf(node), !guarded.has(nameOf(node)));
  return { names, captured: [...code.captures, ...(code.self ? [code.self] : [])] };
}

/** Every function and class that the value, or anything in it, may run. */
export function codeOf(value: Value): Code[] {
  return [...codeIn(value).keys()];
}

/** Names that the code asks `typeof` of before it reads them. */
function guardedNames(node: SyntaxNode): Set<string> {
  const found = new Set<string>();
  collect(node);
  return found;

  function collect(at: SyntaxNode): void {
    const argument =
      at.type === "UnaryExpression" && field(at, "operator") === "typeof" ? child(at, "argument") : undefined;
    if (argument?.type === "Identifier") found.add(nameOf(argument));
    for (const one of codeChildren(at)) collect(one);
  }
}
