// The imports of a build's cells: which come along, how they stand in `cells.ts`, and who asked for which module.
import { isBuiltin } from "node:module";
import { importedName, moduleName, type Statement } from "../../kernel/notebook/scope/analysis.ts";
import {
  child,
  children,
  codeChildren,
  field,
  identifiersIn,
  isTypeOnly,
  nameOf,
  type SyntaxNode,
} from "../../kernel/notebook/scope/syntax.ts";
import type { Version } from "../../kernel/notebook/scope/world.ts";
import { BuildError, cellName } from "./build-error.ts";
import type { NeededCells } from "./needed-cells.ts";
import { aliasOf } from "./redeclare.ts";

export interface Importer {
  /** Index of the cell. */
  readonly cell: number;
  /** The names it takes, when an import declaration asks. */
  readonly names: readonly { readonly imported: string; readonly version: Version }[];
}

/** An import declaration with the names of it that come along. */
export interface ChosenImport {
  readonly statement: Statement;
  readonly module: string;
  /** A kept cell before it writes to a global, which the module may read when it is loaded: it is imported at its place. */
  readonly late: boolean;
  readonly specifiers: readonly { readonly node: SyntaxNode; readonly version: Version }[];
}

/** Needed names, what else kept cells mention of their own imports, and side-effect imports of cells that give any. */
export function chosenImports({ analysis, code, imports, neededImports }: NeededCells): ChosenImport[] {
  const { statements, world } = analysis;
  const kept = statements.filter(({ cell, isImport }) => code.has(cell) && !isImport);
  const mentioned = new Set(
    kept.flatMap(({ node }) =>
      identifiersIn(node)
        .filter((one) => !world.locals.has(one))
        .map(nameOf),
    ),
  );
  const chosen: ChosenImport[] = [];
  for (const statement of statements) {
    if (!statement.isImport || !imports.has(statement.cell)) continue;
    const listed = children(statement.node, "specifiers");
    const specifiers = listed.flatMap((node) => {
      const version = isTypeOnly(node) ? undefined : world.declaredAt.get(child(node, "local")!);
      const wanted = version && (neededImports.has(version) || (code.has(version.cell) && mentioned.has(version.name)));
      return wanted ? [{ node, version }] : [];
    });
    const module = String(field(child(statement.node, "source")!, "value"));
    const late = module !== "cellwright" && !isBuiltin(module) && writesGlobalBefore(statement.cell, kept);
    if (specifiers.length > 0 || listed.length === 0) chosen.push({ statement, module, late, specifiers });
  }
  return chosen;
}

function writesGlobalBefore(cell: number, kept: readonly Statement[]): boolean {
  return kept.some((one) => one.cell < cell && [...one.effects.changes].some(({ thing }) => thing?.kind === "global"));
}

export function importLine(
  { module, specifiers, statement }: ChosenImport,
  several: ReadonlySet<string>,
  code: string,
): string {
  const from = JSON.stringify(module) + attributesOf(statement.node, code);
  if (specifiers.length === 0) return `import ${from};`;
  const local = (version: Version): string => (several.has(version.name) ? aliasOf(version) : version.name);
  const parts: string[] = [];
  const listed: string[] = [];
  for (const { node, version } of specifiers) {
    if (node.type === "ImportDefaultSpecifier") parts.push(local(version));
    else if (node.type === "ImportNamespaceSpecifier") parts.push(`* as ${local(version)}`);
    else {
      const imported = child(node, "imported")!;
      const name = imported.type === "Literal" ? JSON.stringify(moduleName(imported)) : nameOf(imported);
      listed.push(name === local(version) ? name : `${name} as ${local(version)}`);
    }
  }
  if (listed.length > 0) parts.push(`{ ${listed.join(", ")} }`);
  return `import ${parts.join(", ")} from ${from};`;
}

function attributesOf(node: SyntaxNode, code: string): string {
  const attributes = children(node, "attributes");
  if (attributes.length === 0) return "";
  return ` with { ${attributes.map(({ start, end }) => code.slice(start, end)).join(", ")} }`;
}

/** What a cell's imports do at its start: late ones are loaded, names that stand for several things are assigned. */
export function importsAtStart(
  imports: readonly ChosenImport[],
  several: ReadonlySet<string>,
  cell: number,
  needed: NeededCells,
): string[] {
  const own = imports.filter(({ statement }) => statement.cell === cell);
  return own.flatMap((chosen) => {
    if (chosen.late) return [lateImport(chosen, several, codeAround(chosen, needed))];
    const shared = chosen.specifiers.filter(({ version }) => several.has(version.name));
    return shared.map(({ version }) => `${version.name} = ${aliasOf(version)};`);
  });
}

/** `const { a: b } = await import("module");` */
function lateImport(
  { module, specifiers, statement }: ChosenImport,
  several: ReadonlySet<string>,
  code: string,
): string {
  const attributes = attributesOf(statement.node, code).replace(/^ with (.*)$/, ", { with: $1 }");
  const loaded = `await import(${JSON.stringify(module)}${attributes})`;
  if (specifiers.length === 0) return `${loaded};`;
  return specifiers
    .map(({ node, version }) => {
      const imported = importedName(node);
      const value = imported === "*" ? loaded : `(${loaded})[${JSON.stringify(imported)}]`;
      return `${several.has(version.name) ? "" : "const "}${version.name} = ${value};`;
    })
    .join(" ");
}

export function codeAround({ statement }: ChosenImport, { analysis }: NeededCells): string {
  return analysis.cells[statement.cell]!.code;
}

export function namesByModule(imports: readonly ChosenImport[]): Record<string, string[]> {
  const names: Record<string, Set<string>> = {};
  for (const { module, specifiers } of imports) {
    const list = (names[module] ??= new Set());
    for (const { node } of specifiers) list.add(importedName(node));
  }
  return Object.fromEntries(Object.entries(names).map(([module, list]) => [module, [...list].sort()]));
}

export function importersOf(
  { analysis, code, exported }: NeededCells,
  imports: readonly ChosenImport[],
): Map<string, Importer> {
  const importers = new Map<string, Importer>();
  for (const { node, cell } of analysis.statements.filter((one) => code.has(one.cell)))
    for (const module of modulesAsked(node)) importers.set(module, { cell, names: [] });
  const { cell, node } = exported.statement;
  const source = child(node, "source");
  if (source) importers.set(String(field(source, "value")), { cell, names: [] });
  for (const { module, statement, specifiers } of imports) {
    const names = specifiers.map((one) => ({ imported: importedName(one.node), version: one.version }));
    importers.set(module, { cell: statement.cell, names: [...(importers.get(module)?.names ?? []), ...names] });
  }
  return importers;
}

/** Modules of `import("…")` anywhere in the code. */
function modulesAsked(node: SyntaxNode): string[] {
  const source = node.type === "ImportExpression" ? child(node, "source") : undefined;
  const own = source?.type === "Literal" ? [String(field(source, "value"))] : [];
  return [...own, ...codeChildren(node).flatMap(modulesAsked)];
}

/** `import * as cw from "cellwright"` is fine as long as every use says a name: `cw.table(…)`. */
export function refuseWholeLibrary(
  { module, specifiers, statement }: ChosenImport,
  { analysis, code }: NeededCells,
): void {
  const whole = specifiers.find(({ node }) => node.type === "ImportNamespaceSpecifier");
  if (module !== "cellwright" || !whole) return;
  const { name } = whole.version;
  const { cells, statements, world } = analysis;
  for (const { node, cell } of statements.filter((one) => code.has(one.cell) && !one.isImport)) {
    const at = wholeUse(node, name, (identifier) => world.locals.has(identifier));
    if (at === undefined) continue;
    const line = cells[cell]!.code.slice(0, at).split("\n").length;
    throw new BuildError(
      `Cannot build with \`import * as ${name} from "cellwright"\` of ${cellName(cells[statement.cell]!.cell)}: found \`${name}\` used as a whole in ${cellName(cells[cell]!.cell)}, line ${line}, expected \`${name}.someName\``,
      { cell: cells[cell]!.cell.id, line },
    );
  }
}

/** Where a namespace is used other than `ns.name`. */
function wholeUse(node: SyntaxNode, name: string, isLocal: (node: SyntaxNode) => boolean): number | undefined {
  if (isTypeOnly(node)) return undefined;
  if (node.type === "Identifier") return nameOf(node) === name && !isLocal(node) ? node.start : undefined;
  const object = node.type === "MemberExpression" ? child(node, "object")! : undefined;
  const says = field(node, "computed") !== true || child(node, "property")?.type === "Literal";
  for (const one of codeChildren(node)) {
    const plain = one === object && says && one.type === "Identifier" && nameOf(one) === name;
    const found = plain ? undefined : wholeUse(one, name, isLocal);
    if (found !== undefined) return found;
  }
  return undefined;
}
