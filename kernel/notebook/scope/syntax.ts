// A loose view of oxc's syntax tree (ESTree with TypeScript nodes): child nodes by key, and which children are code. Type
// positions are not: nothing below an annotation, a type argument or an interface is ever visited.
import { visitorKeys } from "oxc-parser";

export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** The node under a key, if there is one. */
export function child(node: SyntaxNode, key: string): SyntaxNode | undefined {
  const value = (node as unknown as Record<string, unknown>)[key];
  return isNode(value) ? value : undefined;
}

/** The nodes of a list; holes are left out. */
export function children(node: SyntaxNode, key: string): SyntaxNode[] {
  const value = (node as unknown as Record<string, unknown>)[key];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** A plain field: a name, an operator, a flag. */
export function field(node: SyntaxNode, key: string): unknown {
  return (node as unknown as Record<string, unknown>)[key];
}

export function nameOf(node: SyntaxNode): string {
  return String(field(node, "name"));
}

const typeKeys = new Set([
  "typeAnnotation",
  "typeParameters",
  "typeArguments",
  "returnType",
  "implements",
  "superTypeArguments",
]);

const typeOnly = new Set([
  "TSInterfaceDeclaration",
  "TSTypeAliasDeclaration",
  "TSDeclareFunction",
  "TSEmptyBodyFunctionExpression",
  "TSAbstractMethodDefinition",
  "TSAbstractPropertyDefinition",
  "TSAbstractAccessorProperty",
  "TSIndexSignature",
  "TSGlobalDeclaration",
  "TSNamespaceExportDeclaration",
]);

/** True for what leaves nothing behind when types are stripped. */
export function isTypeOnly(node: SyntaxNode): boolean {
  if (typeOnly.has(node.type) || field(node, "declare") === true) return true;
  if (node.type === "ImportDeclaration" || node.type === "ImportSpecifier") return field(node, "importKind") === "type";
  if (/^Export(Named|All)Declaration$|^ExportSpecifier$/.test(node.type)) return field(node, "exportKind") === "type";
  if (node.type === "TSImportEqualsDeclaration") return field(node, "importKind") === "type";
  return false;
}

/** Child nodes that are code, in order of the text. */
export function codeChildren(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (const key of visitorKeys[node.type] ?? []) {
    if (typeKeys.has(key) || isNameKey(node, key)) continue;
    const value = (node as unknown as Record<string, unknown>)[key];
    for (const each of Array.isArray(value) ? value : [value]) if (isNode(each) && !isTypeOnly(each)) found.push(each);
  }
  return found;
}

/** Identifiers that stand for values, functions inside included. */
export function identifiersIn(node: SyntaxNode): SyntaxNode[] {
  if (isTypeOnly(node) || node.type === "ImportDeclaration") return [];
  if (node.type === "Identifier") return [node];
  if (node.type === "ExportNamedDeclaration") {
    const inner = child(node, "declaration");
    return inner ? identifiersIn(inner) : [];
  }
  return codeChildren(node).flatMap(identifiersIn);
}

export function isFunction(node: SyntaxNode): boolean {
  return (
    node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression"
  );
}

export function isClass(node: SyntaxNode): boolean {
  return node.type === "ClassDeclaration" || node.type === "ClassExpression";
}

/** The identifiers that a binding pattern declares. */
export function boundNames(pattern: SyntaxNode | undefined): SyntaxNode[] {
  switch (pattern?.type) {
    case "Identifier":
      return [pattern];
    case "ObjectPattern":
      return children(pattern, "properties").flatMap((part) =>
        boundNames(part.type === "RestElement" ? part : child(part, "value")),
      );
    case "ArrayPattern":
      return children(pattern, "elements").flatMap(boundNames);
    case "RestElement":
      return boundNames(child(pattern, "argument"));
    case "AssignmentPattern":
      return boundNames(child(pattern, "left"));
    case "TSParameterProperty":
      return boundNames(child(pattern, "parameter"));
    default:
      return [];
  }
}

/** The name a member expression or key says outright: `x.name`, `x["name"]`; undefined when computed. */
export function staticKey(key: SyntaxNode | undefined, computed: boolean): string | undefined {
  if (!key) return undefined;
  if (key.type === "PrivateIdentifier") return `#${nameOf(key)}`;
  if (!computed && key.type === "Identifier") return nameOf(key);
  if (key.type === "Literal") return String(field(key, "value"));
  return undefined;
}

/** Keys, labels and names that are no references. */
function isNameKey(node: SyntaxNode, key: string): boolean {
  const computed = field(node, "computed") === true;
  if (key === "property") return node.type === "MetaProperty" || (node.type === "MemberExpression" && !computed);
  if (key === "key") return !computed;
  if (key === "meta") return true;
  if (key === "label") return true;
  if (key === "id") return node.type === "TSEnumMember" && !computed;
  return key === "attributes" || key === "moduleReference";
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && typeof (value as SyntaxNode).type === "string";
}
