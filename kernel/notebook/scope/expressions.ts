// Follows expressions: what they may give, and on the way what they read, change and call.
import { call, construct } from "./calls.ts";
import { codeAt, implicitKeys, printing, waiting } from "./code.ts";
import { quiet } from "./frames.ts";
import { readGetters, touch } from "./implicit-calls.ts";
import { assignTo, keyOf, nameCode, writeProperty } from "./patterns.ts";
import { child, children, codeChildren, field, isTypeOnly, nameOf, type SyntaxNode } from "./syntax.ts";
import {
  type Code,
  changedBy,
  computedKey,
  holding,
  madeBy,
  nothing,
  partOf,
  type Slot,
  same,
  type ThingKind,
  thingsOf,
  type Value,
} from "./values.ts";
import { type Frame, noteChanges, readShared } from "./world.ts";

export function evaluate(node: SyntaxNode | undefined, frame: Frame): Value {
  if (!node || isTypeOnly(node)) return nothing;
  switch (node.type) {
    case "Identifier":
      return read(node, frame, true);
    case "ThisExpression":
      return frame.self;
    case "MemberExpression":
      return readProperty(node, frame);
    case "CallExpression":
      return call(node, frame);
    case "NewExpression":
      return construct(node, frame);
    case "FunctionExpression":
    case "FunctionDeclaration":
    case "ArrowFunctionExpression":
      return same(codeAt(node, frame, "function"));
    case "ClassExpression":
    case "ClassDeclaration":
      return makeClass(node, frame);
    case "ObjectExpression":
      return makeObject(node, frame);
    case "ArrayExpression":
      return gather(node, children(node, "elements"), "array", frame);
    case "SpreadElement":
      return iterate(evaluate(child(node, "argument"), frame), frame, node);
    case "AssignmentExpression":
      return assign(node, frame);
    case "UpdateExpression":
      evaluate(child(node, "argument"), frame);
      assignTo(child(node, "argument")!, nothing, frame);
      return nothing;
    case "UnaryExpression":
      return unary(node, frame);
    case "LogicalExpression":
    case "ConditionalExpression":
      return choose(node, frame);
    case "SequenceExpression":
      return (
        children(node, "expressions")
          .map((one) => evaluate(one, frame))
          .at(-1) ?? nothing
      );
    case "AwaitExpression":
      return awaited(evaluate(child(node, "argument"), frame), frame, node);
    case "YieldExpression":
      frame.world.heap.flow(frame.context.returns, holding(evaluate(child(node, "argument"), frame)));
      return nothing;
    case "ChainExpression":
    case "ParenthesizedExpression":
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
    case "TSInstantiationExpression":
      return evaluate(child(node, "expression"), frame);
    case "TaggedTemplateExpression":
      return call(node, frame);
    case "TemplateLiteral":
      for (const one of children(node, "expressions")) touch(evaluate(one, frame), printing, one, frame);
      return nothing;
    case "BinaryExpression":
      for (const key of ["left", "right"]) touch(evaluate(child(node, key), frame), printing, node, frame);
      return nothing;
    case "ImportExpression":
      return importedAt(node, frame);
    default:
      for (const one of codeChildren(node)) evaluate(one, frame);
      return nothing;
  }
}

const noKeys: ReadonlySet<string> = new Set();

function read(node: SyntaxNode, frame: Frame, hard: boolean): Value {
  const local = frame.world.locals.get(node);
  if (local) return same(frame.world.variable(local, frame.context));
  if (nameOf(node) === "arguments" && frame.context.owner)
    return same(frame.world.made(frame.context, "arguments", () => {}));
  return readShared(nameOf(node), frame, hard);
}

function readProperty(node: SyntaxNode, frame: Frame): Value {
  const object = child(node, "object")!;
  const receiver = object.type === "Super" ? frame.self : evaluate(object, frame);
  const key = keyOf(node, frame);
  const got = readGetters(receiver, key, node, frame);
  return [...partOf(receiver), ...got];
}

/** The elements of what is iterated; its own iterator runs. */
export function iterate(value: Value, frame: Frame, site: SyntaxNode): Value {
  const pairs = [...thingsOf(value)].some(({ thing }) => thing!.kind === "map") ? holding(partOf(value)) : nothing;
  return [...partOf(value), ...pairs, ...touch(value, noKeys, site, frame)];
}

function makeClass(node: SyntaxNode, frame: Frame): Value {
  const { world } = frame;
  const slot = codeAt(node, frame, "class");
  const inside = { ...frame, self: same(slot) };
  const superClass = evaluate(child(node, "superClass"), frame);
  world.heap.flow(slot, madeBy(superClass));
  const id = child(node, "id");
  if (id && node.type === "ClassExpression") assignTo(id, same(slot), frame);
  for (const decorator of children(node, "decorators")) evaluate(decorator, frame);
  for (const member of children(child(node, "body")!, "body")) {
    if (isTypeOnly(member)) continue;
    for (const decorator of children(member, "decorators")) evaluate(decorator, frame);
    if (member.type === "StaticBlock") world.walk.follow(member, inside);
    else if (member.type === "MethodDefinition") addMethod(slot, member, inside);
    else {
      const key = keyOf(member, frame);
      if (field(member, "static") === true)
        writeProperty(same(slot), key, evaluate(child(member, "value"), inside), quiet(inside));
    }
  }
  return same(slot);
}

function addMethod(owner: Slot, member: SyntaxNode, frame: Frame): void {
  const key = keyOf(member, frame) ?? computedKey;
  const value = child(member, "value");
  if (!value || isTypeOnly(value) || field(member, "kind") === "constructor") return;
  const method = codeAt(value, frame, roleOf(field(member, "kind")), key);
  frame.world.heap.flow(owner, madeBy(same(method)));
}

function roleOf(kind: unknown): Code["role"] {
  return kind === "get" ? "getter" : kind === "set" ? "setter" : "function";
}

function makeObject(node: SyntaxNode, frame: Frame): Value {
  const { world } = frame;
  const slot = world.thing(frame.context, node, "object");
  for (const property of children(node, "properties")) {
    if (property.type === "SpreadElement") {
      world.heap.flow(slot, holding(evaluate(property, frame)));
      continue;
    }
    const key = keyOf(property, frame) ?? computedKey;
    const value = child(property, "value")!;
    const kind = field(property, "kind");
    if (kind === "get" || kind === "set") {
      world.heap.flow(slot, holding(same(codeAt(value, frame, roleOf(kind), key))));
      continue;
    }
    const given = evaluate(value, frame);
    nameCode(given, key, frame);
    if (implicitKeys.has(key)) world.hasImplicitCode = true;
    world.heap.flow(slot, holding(given));
  }
  return same(slot);
}

/** A new thing holding the elements. */
export function gather(node: SyntaxNode, elements: readonly SyntaxNode[], kind: ThingKind, frame: Frame): Value {
  const slot = frame.world.thing(frame.context, node, kind);
  for (const element of elements) frame.world.heap.flow(slot, holding(evaluate(element, frame)));
  return same(slot);
}

function assign(node: SyntaxNode, frame: Frame): Value {
  const left = child(node, "left")!;
  const right = evaluate(child(node, "right"), frame);
  const operator = String(field(node, "operator"));
  if (operator === "=") {
    assignTo(left, right, frame);
    return right;
  }
  const before = evaluate(left, frame);
  const keeps = operator === "||=" || operator === "&&=" || operator === "??=";
  assignTo(left, keeps ? right : nothing, frame);
  return keeps ? [...before, ...right] : nothing;
}

function unary(node: SyntaxNode, frame: Frame): Value {
  const argument = child(node, "argument")!;
  const operator = field(node, "operator");
  if (operator === "typeof" && argument.type === "Identifier") read(argument, frame, false);
  else if (operator === "delete" && argument.type === "MemberExpression") {
    noteChanges(changedBy(evaluate(child(argument, "object"), frame), false), frame);
    keyOf(argument, frame);
  } else evaluate(argument, frame);
  return nothing;
}

function choose(node: SyntaxNode, frame: Frame): Value {
  if (node.type === "LogicalExpression")
    return [...evaluate(child(node, "left"), frame), ...evaluate(child(node, "right"), frame)];
  evaluate(child(node, "test"), frame);
  return [...evaluate(child(node, "consequent"), frame), ...evaluate(child(node, "alternate"), frame)];
}

function awaited(value: Value, frame: Frame, site: SyntaxNode): Value {
  touch(value, waiting, site, frame);
  return value;
}

/** `import("module")` gives the module's namespace. */
function importedAt(node: SyntaxNode, frame: Frame): Value {
  const source = child(node, "source")!;
  evaluate(source, frame);
  if (source.type !== "Literal") return same(frame.world.thing(frame.context, node, "unknown"));
  return same(frame.world.outside("import", "*", String(field(source, "value"))));
}
