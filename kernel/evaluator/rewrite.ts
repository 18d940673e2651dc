// A cell's JavaScript to a script for V8's REPL mode. There `let` and `class` may be declared again by a later cell, but not
// functions, `var` and `const`, and modules' syntax is unknown: those become `let` and calls of the runtime. Pure.
import type { Identifier, ImportDeclaration, Literal, VariableDeclaration } from "acorn";
import { Patch } from "./patch.ts";
import { rewriteInside } from "./rewrite-inside.ts";
import { runtimeName } from "./runtime-name.ts";
import { type AnyNode, boundNames, isFunction, type Program, parseModule, walk } from "./syntax.ts";

export interface Rewritten {
  readonly script: string;
  /** From an offset in the script to one in the cell's JavaScript. */
  toSource(offset: number): number;
  /** The names it declares at the top, and whether they may be assigned to. */
  readonly declared: ReadonlyMap<string, "const" | "let">;
}

export interface RewriteOptions {
  /** Names a run to the runtime. */
  runId: number;
  /** Names that earlier cells declared with const. */
  constants?: ReadonlySet<string>;
  /** The last statement's value is the cell's result. Default true. */
  showLast?: boolean;
}

export function rewrite(js: string, { runId, constants = new Set(), showLast = true }: RewriteOptions): Rewritten {
  const program = parseModule(js);
  const patch = new Patch(js);
  const declared = new Map<string, "const" | "let">();
  patch.head('"use strict"; ');
  hoistVars(program, patch, declared);
  const imports = program.body.some(({ type }) => type === "ImportDeclaration");
  const used = imports ? usedNames(program) : new Set<string>();
  for (const statement of program.body) rewriteStatement(statement, { js, patch, declared, used, runId });
  if (showLast) showResult(program, patch, runId, js);
  rewriteInside(program, patch, { declared, constants });
  return { ...patchedScript(patch), declared };
}

interface Statement {
  js: string;
  patch: Patch;
  declared: Map<string, "const" | "let">;
  used: ReadonlySet<string>;
  runId: number;
}

function patchedScript(patch: Patch): { script: string; toSource(offset: number): number } {
  const { text, toSource } = patch.build();
  return { script: text, toSource };
}

function rewriteStatement(statement: AnyNode, context: Statement): void {
  const { js, patch, declared, used, runId } = context;
  switch (statement.type) {
    case "ImportDeclaration":
      for (const { local } of statement.specifiers) declared.set(local.name, "const");
      patch.replace(statement.start, statement.end, "");
      patch.head(importCall(statement, used, js), statement.start);
      break;
    case "ExportNamedDeclaration":
      if (statement.declaration) {
        patch.replace(statement.start, statement.declaration.start, "");
        rewriteStatement(statement.declaration, context);
      } else patch.replace(statement.start, statement.end, statement.source ? loadCall(statement.source) : ";");
      break;
    case "ExportAllDeclaration":
      patch.replace(statement.start, statement.end, loadCall(statement.source));
      break;
    case "ExportDefaultDeclaration": {
      const { declaration } = statement;
      patch.replace(statement.start, declaration.start, "");
      const named = "id" in declaration && declaration.id;
      if (named && declaration.type.endsWith("Declaration")) rewriteStatement(declaration, context);
      else patch.wrap(declaration.start, declaration.end, "(", ")");
      break;
    }
    case "FunctionDeclaration": {
      const { id, start, end } = statement;
      if (!id) break;
      declared.set(id.name, "let");
      patch.replace(id.start, id.end, "");
      patch.hoist(start, end, `let ${id.name} = `, "; ");
      break;
    }
    case "ClassDeclaration":
      if (statement.id) declared.set(statement.id.name, "let");
      break;
    case "VariableDeclaration":
      if (statement.kind !== "var") declareVariables(statement, patch, declared, runId);
      break;
  }
}

/** `const` and top-level `using` become `let`; what was `using` is disposed of at the cell's end. */
function declareVariables(
  { kind, start, declarations }: VariableDeclaration,
  patch: Patch,
  declared: Map<string, "const" | "let">,
  runId: number,
): void {
  const disposal = kind === "using" || kind === "await using";
  for (const { id, init } of declarations) {
    for (const name of boundNames(id)) declared.set(name, kind === "let" ? "let" : "const");
    if (disposal && init)
      patch.wrap(init.start, init.end, `${runtimeName}.use(${runId}, `, `, ${kind === "await using"})`);
  }
  if (kind !== "let") patch.replace(start, start + kind.length, "let");
}

/** A `var` is a global for good in V8: its names become `let` in front, its declarations assignments. */
function hoistVars(program: Program, patch: Patch, declared: Map<string, "const" | "let">): void {
  walk(program, (node, parent) => {
    if (isFunction(node) || node.type === "StaticBlock") return false;
    if (node.type !== "VariableDeclaration" || node.kind !== "var") return undefined;
    for (const { id } of node.declarations) for (const name of boundNames(id)) declared.set(name, "let");
    const first = node.declarations[0]!;
    const last = node.declarations.at(-1)!;
    const inHead = parent?.type.startsWith("For") && !("body" in parent && parent.body === (node as AnyNode));
    patch.replace(node.start, first.start, inHead ? "" : "(");
    if (!inHead) patch.replace(last.end, last.end, ")");
    return undefined;
  });
  if (declared.size > 0) patch.head(`let ${[...declared.keys()].join(", ")}; `);
}

/** Every name that is read or written as a value; a name imported and not among them may be a type. */
function usedNames(program: Program): Set<string> {
  const used = new Set<string>();
  walk(program, (node, parent) => {
    if (node.type === "ImportDeclaration") return false;
    if (node.type === "Identifier" && !isPlainKey(node, parent)) used.add(node.name);
    return undefined;
  });
  return used;
}

function isPlainKey(node: Identifier, parent: AnyNode | undefined): boolean {
  if (parent?.type === "MemberExpression") return parent.property === node && !parent.computed;
  if (parent?.type === "Property") return parent.key === node && !parent.computed && !parent.shorthand;
  if (parent?.type === "MethodDefinition" || parent?.type === "PropertyDefinition")
    return parent.key === node && !parent.computed;
  return false;
}

function importCall(
  { source, specifiers, attributes }: ImportDeclaration,
  used: ReadonlySet<string>,
  js: string,
): string {
  const wanted = specifiers.map((each) => {
    const imported =
      each.type === "ImportNamespaceSpecifier"
        ? "*"
        : each.type === "ImportDefaultSpecifier"
          ? "default"
          : each.imported.type === "Literal"
            ? String(each.imported.value)
            : each.imported.name;
    return { imported, local: each.local.name };
  });
  const requests = wanted.map(({ imported, local }) => [imported, used.has(local)]);
  const options =
    attributes.length > 0
      ? `, { with: { ${attributes.map((each) => js.slice(each.start, each.end)).join(", ")} } }`
      : "";
  const call = `await ${runtimeName}.imports(${JSON.stringify(source.value)}, ${JSON.stringify(requests)}${options}); `;
  return wanted.length > 0 ? `let [${wanted.map(({ local }) => local).join(", ")}] = ${call}` : call;
}

function loadCall(source: Literal): string {
  return `await ${runtimeName}.imports(${JSON.stringify(source.value)}, []);`;
}

/** What is left of a cell's type imports, at its end. */
function isEmptyExport(node: AnyNode): boolean {
  return node.type === "ExportNamedDeclaration" && !node.declaration && !node.source && node.specifiers.length === 0;
}

/** The last statement's value is handed to the runtime, if it is an expression. */
function showResult({ body }: Program, patch: Patch, runId: number, js: string): void {
  const last = body.findLast((statement) => !isEmptyExport(statement));
  const expression =
    last?.type === "ExpressionStatement"
      ? last.expression
      : last?.type === "ExportDefaultDeclaration" && !last.declaration.type.endsWith("Declaration")
        ? last.declaration
        : undefined;
  if (!last || !expression) return;
  patch.wrap(expression.start, expression.end, `${runtimeName}.show(${runId}, (`, "))");
  if (js[last.end - 1] !== ";") patch.replace(last.end, last.end, ";");
}
