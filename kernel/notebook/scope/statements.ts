// Follows statements: what they declare, assign and return. Both branches of every choice, every loop once; the rounds of the
// analysis repeat until nothing new is found.
import { evaluate, iterate } from "./expressions.ts";
import { assignTo, bind } from "./patterns.ts";
import { child, children, field, isTypeOnly, type SyntaxNode } from "./syntax.ts";
import { holding, nothing, partOf, same } from "./values.ts";
import type { Frame } from "./world.ts";

export function follow(node: SyntaxNode | undefined, frame: Frame): void {
  if (!node || isTypeOnly(node)) return;
  switch (node.type) {
    case "VariableDeclaration":
      for (const one of children(node, "declarations")) {
        const init = child(one, "init");
        if (init) bind(child(one, "id")!, evaluate(init, frame), frame);
      }
      return;
    case "FunctionDeclaration":
    case "ClassDeclaration": {
      const value = evaluate(node, frame);
      const id = child(node, "id");
      if (id) bind(id, value, frame);
      return;
    }
    case "TSEnumDeclaration": {
      for (const member of children(child(node, "body")!, "members")) evaluate(child(member, "initializer"), frame);
      bind(child(node, "id")!, same(frame.world.thing(frame.context, node, "object")), frame);
      return;
    }
    case "TSModuleDeclaration":
      followNamespace(node, frame);
      return;
    case "TSImportEqualsDeclaration":
      followImportEquals(node, frame);
      return;
    case "ExportNamedDeclaration":
      follow(child(node, "declaration"), frame);
      return;
    case "ExportDefaultDeclaration":
      followDefault(node, frame);
      return;
    case "ImportDeclaration":
    case "ExportAllDeclaration":
      return;
    case "ReturnStatement":
      frame.world.heap.flow(frame.context.returns, evaluate(child(node, "argument"), frame));
      return;
    case "ForInStatement":
      evaluate(child(node, "right"), frame);
      followHead(child(node, "left")!, nothing, frame);
      follow(child(node, "body"), frame);
      return;
    case "ForOfStatement":
      followHead(child(node, "left")!, iterate(evaluate(child(node, "right"), frame), frame, node), frame);
      follow(child(node, "body"), frame);
      return;
    case "CatchClause": {
      const param = child(node, "param");
      const caught = frame.world.thing(frame.context, node, "unknown");
      if (param) bind(param, same(caught), frame);
      follow(child(node, "body"), frame);
      return;
    }
    default:
      followParts(node, frame);
  }
}

const parts: Readonly<Record<string, readonly string[]>> = {
  ExpressionStatement: ["expression"],
  ThrowStatement: ["argument"],
  BlockStatement: ["body"],
  StaticBlock: ["body"],
  TSModuleBlock: ["body"],
  IfStatement: ["test", "consequent", "alternate"],
  ForStatement: ["init", "test", "body", "update"],
  WhileStatement: ["test", "body"],
  DoWhileStatement: ["body", "test"],
  SwitchStatement: ["discriminant", "cases"],
  SwitchCase: ["test", "consequent"],
  TryStatement: ["block", "handler", "finalizer"],
  LabeledStatement: ["body"],
  WithStatement: ["object", "body"],
};

const statementTypes = /Statement$|Declaration$|^SwitchCase$|^CatchClause$|^StaticBlock$|^TSModuleBlock$/;

function followParts(node: SyntaxNode, frame: Frame): void {
  for (const key of parts[node.type] ?? []) {
    const one = child(node, key);
    for (const part of one ? [one] : children(node, key)) {
      if (statementTypes.test(part.type)) follow(part, frame);
      else evaluate(part, frame);
    }
  }
}

function followHead(left: SyntaxNode, value: ReturnType<typeof partOf>, frame: Frame): void {
  if (left.type === "VariableDeclaration") bind(child(children(left, "declarations")[0]!, "id")!, value, frame);
  else assignTo(left, value, frame);
}

/** A namespace is an object holding what its block exports. */
function followNamespace(node: SyntaxNode, frame: Frame): void {
  const { world, context } = frame;
  const slot = world.thing(context, node, "object");
  const body = child(node, "body");
  follow(body, frame);
  for (const statement of body ? children(body, "body") : []) {
    const inner = statement.type === "ExportNamedDeclaration" ? child(statement, "declaration") : undefined;
    if (!inner || isTypeOnly(inner)) continue;
    const named = inner.type === "VariableDeclaration" ? children(inner, "declarations") : [inner];
    for (const one of named) {
      const id = child(one, "id");
      if (id?.type === "Identifier") world.heap.flow(slot, holding(evaluate(id, frame)));
    }
  }
  const id = child(node, "id");
  if (id?.type === "Identifier") bind(id, same(slot), frame);
}

function followImportEquals(node: SyntaxNode, frame: Frame): void {
  const reference = child(node, "moduleReference")!;
  const source = child(reference, "expression");
  if (reference.type === "TSExternalModuleReference" && source) {
    const slot = frame.world.outside("import", "*", String(field(source, "value")));
    bind(child(node, "id")!, same(slot), frame);
    return;
  }
  let first = reference;
  while (first.type === "TSQualifiedName") first = child(first, "left")!;
  bind(child(node, "id")!, partOf(evaluate(first, frame)), frame);
}

function followDefault(node: SyntaxNode, frame: Frame): void {
  const inner = child(node, "declaration");
  if (!inner) return;
  const version = frame.world.declaredAt.get(node);
  if (child(inner, "id") && /^(Function|Class)Declaration$/.test(inner.type)) follow(inner, frame);
  const id = child(inner, "id");
  const value = id && /^(Function|Class)Declaration$/.test(inner.type) ? evaluate(id, frame) : evaluate(inner, frame);
  if (version) frame.world.heap.flow(version.slot, value);
}
