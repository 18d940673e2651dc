// Whether a CommonJS module asks for another only inside a `try`, as packages do for what need not be installed.
import { parseSync } from "oxc-parser";
import { child, children, codeChildren, field, type SyntaxNode } from "../../kernel/notebook/scope/syntax.ts";

export function isTried(text: string, module: string): boolean {
  const { program, errors } = parseSync("module.cjs", text, { sourceType: "script", preserveParens: false });
  if (errors.length > 0) return false;
  const found = requires(program as SyntaxNode, module, false);
  return found.length > 0 && found.every((tried) => tried);
}

/** For each `require("module")`, whether it stands in a try block. */
function requires(node: SyntaxNode, module: string, tried: boolean): boolean[] {
  if (node.type === "TryStatement") {
    const others = [child(node, "handler"), child(node, "finalizer")].filter((one) => one !== undefined);
    return [...requires(child(node, "block")!, module, true), ...others.flatMap((one) => requires(one, module, tried))];
  }
  const inner = codeChildren(node).flatMap((one) => requires(one, module, tried));
  return asks(node, module) ? [tried, ...inner] : inner;
}

function asks(node: SyntaxNode, module: string): boolean {
  if (node.type !== "CallExpression") return false;
  const callee = child(node, "callee")!;
  const [first] = children(node, "arguments");
  return (
    callee.type === "Identifier" &&
    field(callee, "name") === "require" &&
    first !== undefined &&
    field(first, "value") === module
  );
}
