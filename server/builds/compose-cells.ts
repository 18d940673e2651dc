// The kept cells as one TypeScript module, `cells.ts`: imports first, then each cell's text on lines of its own, so that a line of
// the module is a line of a cell. Pure.
import { importedName, moduleName } from "../../kernel/notebook/scope/analysis.ts";
import { child, children, type SyntaxNode } from "../../kernel/notebook/scope/syntax.ts";
import type { CellLines } from "../../lib/contract/build-manifest.ts";
import { BuildError, cellName } from "./build-error.ts";
import {
  type ChosenImport,
  chosenImports,
  codeAround,
  type Importer,
  importersOf,
  importLine,
  importsAtStart,
  namesByModule,
  refuseWholeLibrary,
} from "./compose-imports.ts";
import type { NeededCells } from "./needed-cells.ts";
import { redeclare } from "./redeclare.ts";
import { TextEdits } from "./text-edits.ts";

export interface ComposedCells {
  readonly source: string;
  readonly lines: readonly CellLines[];
  /** Names the kept code imports, by module. */
  readonly imports: Readonly<Record<string, readonly string[]>>;
  /** Who asks for a module, by its name as written. */
  readonly importers: ReadonlyMap<string, Importer>;
}

/** @throws BuildError a namespace import of "cellwright" is used as a whole */
export function composeCells(needed: NeededCells): ComposedCells {
  const { analysis } = needed;
  const imports = chosenImports(needed);
  const several = namesOfSeveral(needed, imports);
  for (const chosen of imports) refuseWholeLibrary(chosen, needed);
  refuseAssignedConstants(needed, several);
  const head = [
    ...imports.filter(({ late }) => !late).map((chosen) => importLine(chosen, several, codeAround(chosen, needed))),
    variablesLine([...several]),
    passedOn(needed),
  ].filter((line) => line !== "");
  const text = [...head];
  const lines: CellLines[] = [];
  for (const [index, { cell }] of analysis.cells.entries()) {
    const starts = importsAtStart(imports, several, index, needed);
    const kept = needed.code.has(index);
    if (!kept && starts.length === 0) continue;
    const body = (kept ? cellText(index, needed, several, starts) : starts.join(" ")).split("\n");
    lines.push({ cell: cell.id, position: cell.position, firstLine: text.length + 1, lineCount: body.length });
    text.push(...body, ";");
  }
  text.push(exportLine(needed), "");
  return { source: text.join("\n"), lines, imports: namesByModule(imports), importers: importersOf(needed, imports) };
}

/** Names that stand for different things in different kept cells; with them all names declared beside them. */
function namesOfSeveral({ analysis, code }: NeededCells, imports: readonly ChosenImport[]): Set<string> {
  const places = new Map<string, Set<string>>();
  const note = (name: string, place: string): void => {
    places.set(name, (places.get(name) ?? new Set()).add(place));
  };
  const kept = analysis.statements.filter(({ cell, isImport }) => code.has(cell) && !isImport);
  for (const { declares, cell } of kept) for (const { name } of declares) note(name, `cell ${cell}`);
  for (const { module, specifiers } of imports)
    for (const { node, version } of specifiers) note(version.name, `${importedName(node)} of ${module}`);
  const several = new Set([...places].filter(([, at]) => at.size > 1).map(([name]) => name));
  for (let size = -1; size !== several.size; ) {
    size = several.size;
    for (const { declares } of kept)
      if (declares.some(({ name }) => several.has(name))) for (const { name } of declares) several.add(name);
  }
  return several;
}

function variablesLine(names: readonly string[]): string {
  return names.length > 0 ? `let ${[...new Set(names)].join(", ")};` : "";
}

/** The export, when a module gives it: `export { f } from "module"`. */
function passedOn({ exported, analysis }: NeededCells): string {
  if (exported.local !== undefined) return "";
  const { node, cell } = exported.statement;
  const { code } = analysis.cells[cell]!;
  const specifier = children(node, "specifiers").find((one) => moduleName(child(one, "exported")!) === exported.name)!;
  const source = child(node, "source")!;
  return `export { ${code.slice(specifier.start, specifier.end)} } from ${code.slice(source.start, source.end)};`;
}

function exportLine({ exported }: NeededCells): string {
  const { local, name } = exported;
  if (local === undefined) return "";
  const from = local === "*default*" ? defaultVariable : local;
  return `export { ${from === name ? name : `${from} as ${/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : JSON.stringify(name)}`} };`;
}

const defaultVariable = "$default";

/** A kept cell's text without its imports and exports. */
function cellText(index: number, needed: NeededCells, several: ReadonlySet<string>, atStart: string[]): string {
  const { analysis, exported } = needed;
  const { code } = analysis.cells[index]!;
  const edits = new TextEdits(code);
  for (const node of analysis.cells[index]!.statements)
    if (/^(ImportDeclaration|ExportAllDeclaration|TSExportAssignment)$/.test(node.type))
      edits.replace(node.start, node.end, ";");
  for (const statement of analysis.statements) {
    if (statement.cell !== index || statement.isImport) continue;
    const { node, declares } = statement;
    if (declares.some(({ name }) => several.has(name))) redeclare(statement, code, edits, analysis.world, { atStart });
    else if (node.type === "ExportNamedDeclaration") withoutExport(node, edits);
    else if (node.type === "ExportDefaultDeclaration") withoutDefault(node, statement === exported.statement, edits);
  }
  edits.insert(0, atStart.length > 0 ? `${atStart.join(" ")} ` : "");
  return edits.toString();
}

function withoutExport(node: SyntaxNode, edits: TextEdits): void {
  const inner = child(node, "declaration");
  if (inner) edits.replace(node.start, inner.start, "");
  else edits.replace(node.start, node.end, ";");
}

function withoutDefault(node: SyntaxNode, isExport: boolean, edits: TextEdits): void {
  const inner = child(node, "declaration")!;
  if (child(inner, "id") && /^(Function|Class)Declaration$/.test(inner.type)) {
    edits.replace(node.start, inner.start, "");
    return;
  }
  edits.replace(node.start, inner.start, isExport ? `const ${defaultVariable} = (` : "void (");
  edits.insert(inner.end, ");");
}

/** What was `const` is a variable now when its name stands for several things; an assignment to it throws in the notebook. */
function refuseAssignedConstants({ analysis, code, exported }: NeededCells, several: ReadonlySet<string>): void {
  for (const { cell, effects } of analysis.statements.filter((one) => code.has(one.cell)))
    for (const { name, kind } of effects.assigns) {
      if (!several.has(name) || (kind !== "const" && kind !== "import")) continue;
      const at = analysis.cells[cell]!.cell;
      throw new BuildError(`Cannot build ${exported.name}: ${cellName(at)} assigns to the constant \`${name}\``, {
        cell: at.id,
      });
    }
}
