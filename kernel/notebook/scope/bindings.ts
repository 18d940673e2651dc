// Which name means what: the names a cell's statement declares in the notebook's shared scope, and for every identifier inside
// functions and blocks the local variable it means. An identifier that is no local belongs to the shared scope.
import {
  boundNames,
  child,
  children,
  codeChildren,
  field,
  isClass,
  isFunction,
  isTypeOnly,
  nameOf,
  type SyntaxNode,
} from "./syntax.ts";

/** A variable inside a function or block. */
export interface Local {
  readonly name: string;
  /** The function whose calls each have one of their own; undefined outside functions. */
  readonly owner: SyntaxNode | undefined;
}

export type DeclarationKind = "const" | "let" | "var" | "function" | "class" | "enum" | "namespace" | "import";

/** A name declared in the shared scope. */
export interface Declaration {
  readonly name: string;
  readonly kind: DeclarationKind;
  /** The identifier that declares it. */
  readonly node: SyntaxNode;
  /** False for a `var` inside a block or loop, which may never run. */
  readonly strong: boolean;
}

/** Names the statement declares for all cells. */
export function declarationsOf(statement: SyntaxNode): Declaration[] {
  if (isTypeOnly(statement)) return [];
  switch (statement.type) {
    case "ExportNamedDeclaration":
    case "ExportDefaultDeclaration": {
      const inner = child(statement, "declaration");
      return inner ? declarationsOf(inner) : [];
    }
    case "ImportDeclaration":
      return children(statement, "specifiers")
        .filter((specifier) => !isTypeOnly(specifier))
        .map((specifier) => declaration("import", child(specifier, "local")!));
    case "TSImportEqualsDeclaration":
      return [declaration("const", child(statement, "id")!)];
    case "VariableDeclaration":
      return namesIn(statement).map((node) => declaration(field(statement, "kind") as DeclarationKind, node));
    default:
      return [...declaredByBlock(statement), ...varsIn(statement).map((node) => declaration("var", node, false))];
  }
}

/** Fills `locals` with every identifier of the statement that means a local variable. */
export function resolveLocals(statement: SyntaxNode, locals: Map<SyntaxNode, Local>): void {
  walk(statement, undefined, locals);
}

interface Scope {
  readonly parent: Scope | undefined;
  readonly owner: SyntaxNode | undefined;
  readonly names: Map<string, Local>;
}

function walk(node: SyntaxNode, scope: Scope | undefined, locals: Map<SyntaxNode, Local>): void {
  if (isTypeOnly(node)) return;
  const inside = (nodes: readonly SyntaxNode[], at: Scope | undefined): void => {
    for (const each of nodes) walk(each, at, locals);
  };
  if (isFunction(node)) {
    walkFunction(node, scope, locals);
    return;
  }
  switch (node.type) {
    case "Identifier": {
      const local = lookUp(scope, nameOf(node));
      if (local) locals.set(node, local);
      return;
    }
    case "ImportDeclaration":
    case "ExportAllDeclaration":
      return;
    case "ExportNamedDeclaration":
      inside(declarationIn(node), scope);
      return;
    case "ClassExpression":
    case "StaticBlock":
    case "BlockStatement":
    case "ForStatement":
    case "ForInStatement":
    case "ForOfStatement":
    case "TSModuleBlock":
    case "CatchClause":
      inside(codeChildren(node), scopeOf(node, scope));
      return;
    case "SwitchStatement":
      inside([child(node, "discriminant")!], scope);
      inside(children(node, "cases"), scopeOf(node, scope));
      return;
    case "TSEnumDeclaration":
      inside([child(node, "id")!], scope);
      inside(children(child(node, "body")!, "members").flatMap(codeChildren), scopeOf(node, scope));
      return;
    default:
      inside(codeChildren(node), scope);
  }
}

function walkFunction(node: SyntaxNode, outer: Scope | undefined, locals: Map<SyntaxNode, Local>): void {
  const id = child(node, "id");
  if (id && node.type === "FunctionDeclaration") walk(id, outer, locals);
  const named = id && node.type === "FunctionExpression" ? [id] : [];
  const body = child(node, "body")!;
  const statements = body.type === "BlockStatement" ? children(body, "body") : [];
  const params = children(node, "params");
  const scope = newScope(outer, node, [
    ...named,
    ...params.flatMap(boundNames),
    ...statements.flatMap(varsIn),
    ...statements.flatMap(lexicalsIn),
  ]);
  for (const each of [...named, ...params, ...(body.type === "BlockStatement" ? statements : [body])])
    walk(each, scope, locals);
}

/** The scope a block-like node opens, with what it declares. */
function scopeOf(node: SyntaxNode, parent: Scope | undefined): Scope {
  return newScope(parent, parent?.owner, declaredInside(node));
}

function declaredInside(node: SyntaxNode): SyntaxNode[] {
  switch (node.type) {
    case "ClassExpression":
      return boundNames(child(node, "id"));
    case "CatchClause":
      return boundNames(child(node, "param"));
    case "ForStatement":
      return lexicalsIn(child(node, "init"));
    case "ForInStatement":
    case "ForOfStatement":
      return lexicalsIn(child(node, "left"));
    case "SwitchStatement":
      return children(node, "cases").flatMap((one) => children(one, "consequent").flatMap(lexicalsIn));
    case "TSEnumDeclaration":
      return children(child(node, "body")!, "members")
        .map((member) => child(member, "id")!)
        .filter(({ type }) => type === "Identifier");
    case "StaticBlock":
    case "TSModuleBlock":
      return children(node, "body").flatMap((one) => [...varsIn(one), ...lexicalsIn(one)]);
    default:
      return children(node, "body").flatMap(lexicalsIn);
  }
}

function newScope(parent: Scope | undefined, owner: SyntaxNode | undefined, declared: readonly SyntaxNode[]): Scope {
  const names = new Map<string, Local>();
  for (const node of declared) {
    const name = nameOf(node);
    if (!names.has(name)) names.set(name, { name, owner });
  }
  return { parent, owner, names };
}

function lookUp(scope: Scope | undefined, name: string): Local | undefined {
  for (let at = scope; at; at = at.parent) {
    const local = at.names.get(name);
    if (local) return local;
  }
  return undefined;
}

/** What a statement declares in its own block. */
function lexicalsIn(statement: SyntaxNode | undefined): SyntaxNode[] {
  if (!statement || isTypeOnly(statement)) return [];
  if (statement.type === "ExportNamedDeclaration") return lexicalsIn(child(statement, "declaration"));
  if (statement.type === "VariableDeclaration") return field(statement, "kind") === "var" ? [] : namesIn(statement);
  return declaredByBlock(statement).map(({ node }) => node);
}

function declaredByBlock(statement: SyntaxNode): Declaration[] {
  const id = child(statement, "id");
  if (!id || isTypeOnly(statement)) return [];
  if (statement.type === "FunctionDeclaration") return [declaration("function", id)];
  if (statement.type === "ClassDeclaration") return [declaration("class", id)];
  if (statement.type === "TSEnumDeclaration") return [declaration("enum", id)];
  if (statement.type === "TSModuleDeclaration" && id.type === "Identifier") return [declaration("namespace", id)];
  return [];
}

/** The `var` names anywhere in a statement, not inside functions and classes. */
function varsIn(statement: SyntaxNode): SyntaxNode[] {
  if (isTypeOnly(statement) || isFunction(statement) || isClass(statement) || statement.type === "TSModuleDeclaration")
    return [];
  const own = statement.type === "VariableDeclaration" && field(statement, "kind") === "var" ? namesIn(statement) : [];
  return [...own, ...codeChildren(statement).flatMap(varsIn)];
}

function namesIn(declarations: SyntaxNode): SyntaxNode[] {
  return children(declarations, "declarations").flatMap((one) => boundNames(child(one, "id")));
}

function declarationIn(node: SyntaxNode): SyntaxNode[] {
  const inner = child(node, "declaration");
  return inner ? [inner] : [];
}

function declaration(kind: DeclarationKind, node: SyntaxNode, strong = true): Declaration {
  return { name: nameOf(node), kind, node, strong };
}
