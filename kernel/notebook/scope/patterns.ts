// Where values go: into variables that are declared, into variables and properties that are assigned.
import { runSetters } from "./implicit-calls.ts";
import { child, children, field, nameOf, type SyntaxNode, staticKey } from "./syntax.ts";
import {
  anyKey,
  anyOf,
  type Code,
  calleesOf,
  changedBy,
  holding,
  isExternal,
  partOf,
  same,
  thingsOf,
  type Value,
} from "./values.ts";
import { type Frame, noteChanges, writeShared } from "./world.ts";

/** A declared pattern gets a value; defaults inside it are evaluated. */
export function bind(pattern: SyntaxNode, value: Value, frame: Frame): void {
  if (pattern.type !== "Identifier") {
    into(pattern, value, frame, bind);
    return;
  }
  const { world, context } = frame;
  const local = world.locals.get(pattern);
  const version = local ? undefined : world.declaredAt.get(pattern);
  const slot = local ? world.variable(local, context) : version?.slot;
  if (slot) world.heap.flow(slot, value);
}

/** The target of an assignment gets a value: a variable, a property, or a pattern of both. */
export function assignTo(target: SyntaxNode, value: Value, frame: Frame): void {
  const { world, context } = frame;
  switch (target.type) {
    case "Identifier": {
      const local = world.locals.get(target);
      if (!local) writeShared(nameOf(target), value, frame);
      else {
        const variable = world.variable(local, context);
        world.heap.flow(variable, value);
        noteChanges(new Set([variable]), frame);
      }
      return;
    }
    case "MemberExpression": {
      const object = child(target, "object")!;
      const receiver = object.type === "Super" ? frame.self : frame.world.walk.evaluate(object, frame);
      const key = keyOf(target, frame);
      writeProperty(receiver, key, value, frame);
      runSetters(receiver, key, value, target, frame);
      noteGlobalName(target, frame);
      return;
    }
    case "TSAsExpression":
    case "TSNonNullExpression":
    case "TSSatisfiesExpression":
    case "TSTypeAssertion":
    case "ParenthesizedExpression":
      assignTo(child(target, "expression")!, value, frame);
      return;
    default:
      into(target, value, frame, assignTo);
  }
}

/** `receiver.key = value`: the receiver is changed and from now on holds the value. */
export function writeProperty(receiver: Value, key: string | undefined, value: Value, frame: Frame): void {
  noteChanges(changedBy(receiver, false), frame);
  nameCode(value, key, frame);
  putInto(receiver, value, frame);
}

/** A key's name when the text says it; a computed one is evaluated. */
export function keyOf(node: SyntaxNode, frame: Frame): string | undefined {
  const computed = field(node, "computed") === true;
  const key = child(node, node.type === "MemberExpression" ? "property" : "key");
  if (computed) frame.world.walk.evaluate(key, frame);
  return staticKey(key, computed);
}

/** The receiver's things hold the value from now on; somewhere inside, if they are not the notebook's own. */
export function putInto(receiver: Value, value: Value, frame: Frame): void {
  if (value.length === 0) return;
  for (const slot of thingsOf(receiver)) {
    if (slot.thing!.kind === "global") continue;
    frame.world.heap.flow(slot, isExternal(slot) ? anyOf(value, 1) : holding(value));
  }
}

function into(
  pattern: SyntaxNode,
  value: Value,
  frame: Frame,
  put: (target: SyntaxNode, value: Value, frame: Frame) => void,
): void {
  switch (pattern.type) {
    case "ObjectPattern":
      for (const part of children(pattern, "properties")) {
        if (part.type === "RestElement")
          put(child(part, "argument")!, copied(part, partOf(value), frame, "object"), frame);
        else {
          keyOf(part, frame);
          put(child(part, "value")!, partOf(value), frame);
        }
      }
      return;
    case "ArrayPattern":
      for (const part of children(pattern, "elements")) {
        if (part.type === "RestElement")
          put(child(part, "argument")!, copied(part, partOf(value), frame, "array"), frame);
        else put(part, partOf(value), frame);
      }
      return;
    case "RestElement":
      put(child(pattern, "argument")!, copied(pattern, value, frame, "array"), frame);
      return;
    case "AssignmentPattern":
      put(child(pattern, "left")!, [...value, ...frame.world.walk.evaluate(child(pattern, "right"), frame)], frame);
      return;
    case "TSParameterProperty":
      put(child(pattern, "parameter")!, value, frame);
      return;
    default:
      frame.world.walk.evaluate(pattern, frame);
  }
}

/** The rest of a pattern: a new thing with what is left in it. */
function copied(place: SyntaxNode, value: Value, frame: Frame, kind: "array" | "object"): Value {
  const slot = frame.world.thing(frame.context, place, kind);
  frame.world.heap.flow(slot, holding(value));
  return same(slot);
}

/**
 * A function put under a key is known by it: a method call of that name finds it. One that is put under several keys, or under a
 * computed one, is found by every name.
 */
export function nameCode(value: Value, key: string | undefined, frame: Frame): void {
  for (const edge of value) {
    const code = edge.from.thing?.code;
    const isIt = edge.shift === 0 && edge.min === 0 && !edge.made;
    if (isIt && code?.role === "function" && code.key === undefined && key !== undefined) code.key = key;
    else for (const other of calleesOf([edge]).codes.keys()) forgetKey(other, key, frame);
  }
}

function forgetKey(code: Code, key: string | undefined, frame: Frame): void {
  if (code.key === anyKey || code.key === key) return;
  code.key = anyKey;
  frame.world.heap.changed = true;
}

/** `globalThis.name = …` declares a name everybody can read. */
function noteGlobalName(target: SyntaxNode, frame: Frame): void {
  const object = child(target, "object");
  if (object?.type !== "Identifier" || !/^(globalThis|global)$/.test(nameOf(object))) return;
  const key = keyOf(target, frame);
  if (key === undefined || frame.world.globalNames.has(key)) return;
  frame.world.globalNames.add(key);
  frame.world.heap.changed = true;
}
