// JavaScript's syntax tree: parsing it, walking it, and the names that patterns bind. Pure.
import { type AnyNode, Parser, type Pattern, type Program } from "acorn";
import { lineStarts, positionAt } from "./positions.ts";
import { SourceSyntaxError } from "./transpile.ts";

export type { AnyNode, Program };

/** What a cell exports may stand in an earlier one. */
const CellParser = Parser.extend(
  (Base) =>
    class extends Base {
      checkLocalExport(): void {}
    },
);

/** Parenthesised expressions are nodes of their own, so that a node's range is what must be wrapped. */
export function parseModule(js: string): Program {
  try {
    return CellParser.parse(js, {
      ecmaVersion: "latest",
      sourceType: "module",
      preserveParens: true,
      allowAwaitOutsideFunction: true,
      allowReturnOutsideFunction: false,
      allowHashBang: true,
    });
  } catch (error) {
    if (!(error instanceof SyntaxError) || !("pos" in error)) throw error;
    const offset = Number(error.pos);
    const message = error.message.replace(/ \(\d+:\d+\)$/, "");
    throw new SourceSyntaxError(message, positionAt(lineStarts(js), offset));
  }
}

/** Visits a node and all below it, outside in; `false` from the visitor leaves out what is below. */
export function walk(
  node: AnyNode,
  visit: (node: AnyNode, parent?: AnyNode) => boolean | undefined,
  parent?: AnyNode,
): void {
  if (visit(node, parent) === false) return;
  for (const key in node) {
    const value: unknown = node[key as keyof AnyNode];
    if (!Array.isArray(value)) {
      if (isNode(value)) walk(value, visit, node);
    } else for (const each of value) if (isNode(each)) walk(each, visit, node);
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

export function isFunction(node: AnyNode): boolean {
  return (
    node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression"
  );
}

/** The names a declaration's or parameter's pattern binds. */
export function boundNames(pattern: Pattern | null): string[] {
  switch (pattern?.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((each) => boundNames(each.type === "Property" ? each.value : each.argument));
    case "ArrayPattern":
      return pattern.elements.flatMap(boundNames);
    case "AssignmentPattern":
      return boundNames(pattern.left);
    case "RestElement":
      return boundNames(pattern.argument);
    default:
      return [];
  }
}
