// A name that several kept cells declare becomes one variable of the module, as it is one variable of the notebook: each
// declaration turns into an assignment at its place, so that functions see the latest value of what they capture.
import type { Statement } from "../../kernel/notebook/scope/analysis.ts";
import { child, children, field, identifiersIn, nameOf, type SyntaxNode } from "../../kernel/notebook/scope/syntax.ts";
import type { Version, World } from "../../kernel/notebook/scope/world.ts";
import type { TextEdits } from "./text-edits.ts";

/** What a cell's text needs besides its edits. */
export interface Redeclared {
  /** Assignments to run before the cell's first statement: functions and imports are there from its start. */
  readonly atStart: string[];
}

/** Edits one statement of a kept cell that declares at least one shared name of several. */
export function redeclare(
  statement: Statement,
  code: string,
  edits: TextEdits,
  world: World,
  { atStart }: Redeclared,
): void {
  const { node } = statement;
  const wrapped = /^Export(Named|Default)Declaration$/.test(node.type) ? child(node, "declaration")! : node;
  switch (wrapped.type) {
    case "VariableDeclaration":
      declarationToAssignment(node.start, wrapped, edits);
      return;
    case "FunctionDeclaration": {
      const [version] = statement.declares;
      const alias = aliasOf(version!);
      const id = child(wrapped, "id")!;
      edits.replace(node.start, wrapped.start, "");
      edits.replace(id.start, id.end, alias);
      atStart.push(`${version!.name} = ${alias};`);
      edits.insert(node.end, ` ${nameIt(alias, version!.name)}`);
      return;
    }
    case "ClassDeclaration": {
      const { name } = statement.declares[0]!;
      const keyword = code.indexOf("class", classStart(wrapped));
      const decorators = code.slice(wrapped.start, keyword).replace(/\babstract\s*$/, "");
      edits.replace(node.start, keyword, `${name} = ${decorators.trim()} `);
      edits.insert(node.end, hasStaticName(wrapped) ? ";" : `; ${nameIt(name, name)}`);
      return;
    }
    case "TSEnumDeclaration":
    case "TSModuleDeclaration":
    case "TSImportEqualsDeclaration": {
      const [version] = statement.declares;
      const alias = aliasOf(version!);
      edits.replace(node.start, wrapped.start, "");
      edits.replace(child(wrapped, "id")!.start, child(wrapped, "id")!.end, alias);
      for (const inner of identifiersIn(wrapped))
        if (inner !== child(wrapped, "id") && nameOf(inner) === version!.name && !world.locals.has(inner))
          rename(inner, alias, code, edits);
      edits.insert(node.end, ` ${version!.name} = ${alias};`);
      return;
    }
    default:
      for (const nested of nestedVars(wrapped)) nestedVarToAssignment(nested.node, nested.inHead, edits);
  }
}

/** What is called something else in the module still says the name it has in the notebook. */
function nameIt(expression: string, name: string): string {
  return `Object.defineProperty(${expression}, "name", { value: ${JSON.stringify(name)}, configurable: true });`;
}

function hasStaticName(declaration: SyntaxNode): boolean {
  return children(child(declaration, "body")!, "body").some((member) => {
    const key = child(member, "key");
    return field(member, "static") === true && key?.type === "Identifier" && nameOf(key) === "name";
  });
}

/** The name under which a version stands before it is assigned to the shared variable. */
export function aliasOf({ name, cell }: Version): string {
  return `${name}$cell${cell + 1}`;
}

/** `const { a }: T = x, b = 2` → `void ({ a } = x, b = 2)`: no hazard with a line before it that ends without a semicolon. */
function declarationToAssignment(start: number, declaration: SyntaxNode, edits: TextEdits): void {
  const declarators = children(declaration, "declarations");
  edits.replace(start, declarators[0]!.start, "void (");
  for (const one of declarators) declaratorToAssignment(one, edits, "void 0");
  edits.insert(declarators.at(-1)!.end, ")");
}

/** `a!: T = x` → `a = x`. */
function declaratorToAssignment(declarator: SyntaxNode, edits: TextEdits, otherwise: string | undefined): void {
  const id = child(declarator, "id")!;
  const annotation = child(id, "typeAnnotation");
  const bareEnd = id.type === "Identifier" ? id.start + nameOf(id).length : (annotation?.start ?? id.end);
  edits.replace(bareEnd, Math.max(id.end, annotation?.end ?? 0), "");
  if (!child(declarator, "init") && otherwise !== undefined) edits.insert(declarator.end, ` = ${otherwise}`);
}

/** A `var` inside a block or a loop's head loses its keyword. */
function nestedVarToAssignment(declaration: SyntaxNode, inHead: boolean, edits: TextEdits): void {
  const declarators = children(declaration, "declarations");
  const first = declarators[0]!;
  if (inHead) {
    edits.replace(declaration.start, first.start, "");
    for (const one of declarators) declaratorToAssignment(one, edits, undefined);
    return;
  }
  edits.replace(declaration.start, first.start, "void (");
  for (const one of declarators) declaratorToAssignment(one, edits, undefined);
  edits.insert(declarators.at(-1)!.end, ")");
}

interface NestedVar {
  readonly node: SyntaxNode;
  /** In `for (var x of xs)` the target must stay bare. */
  readonly inHead: boolean;
}

function nestedVars(node: SyntaxNode, inHead = false): NestedVar[] {
  if (/^(Function|Class|Arrow|TSModule|TSEnum)/.test(node.type)) return [];
  if (node.type === "VariableDeclaration") return field(node, "kind") === "var" ? [{ node, inHead }] : [];
  const head = /^For(In|Of)Statement$/.test(node.type) ? child(node, "left") : undefined;
  const found: NestedVar[] = head ? nestedVars(head, true) : [];
  for (const value of Object.values(node as unknown as Record<string, unknown>))
    for (const one of Array.isArray(value) ? value : [value])
      if (isNode(one) && one !== head) found.push(...nestedVars(one));
  return found;
}

function rename(identifier: SyntaxNode, alias: string, code: string, edits: TextEdits): void {
  const shorthand = /[{,]\s*$/.test(code.slice(0, identifier.start)) && /^\s*[,}]/.test(code.slice(identifier.end));
  edits.replace(identifier.start, identifier.end, shorthand ? `${nameOf(identifier)}: ${alias}` : alias);
}

function classStart(declaration: SyntaxNode): number {
  return Math.max(declaration.start, ...children(declaration, "decorators").map(({ end }) => end));
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && typeof (value as SyntaxNode).type === "string";
}
