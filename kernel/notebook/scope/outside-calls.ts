// Follows calls of what is not the notebook's: arrays, maps and sets, imports and what they gave, globals.
import { callBack, keepFunctions } from "./callbacks.ts";
import {
  collectionMethod,
  isBuiltin,
  isLibraryReader,
  isReader,
  type KnownCall,
  knownGlobal,
  knownImport,
  unknownCall,
} from "./known-calls.ts";
import { putInto } from "./patterns.ts";
import type { SyntaxNode } from "./syntax.ts";
import {
  anyOf,
  changedBy,
  holding,
  nothing,
  partOf,
  type Slot,
  same,
  type ThingKind,
  thingsOf,
  type Value,
} from "./values.ts";
import { type Frame, type Given, noteChanges } from "./world.ts";

/** A call of something known, or known to be unknown. */
export function callOutside(node: SyntaxNode, known: KnownCall, given: Given, frame: Frame, library = false): Value {
  if (known.changes === "first") noteChanges(changedBy(given.at(0), false), frame);
  if (known.changes === "all") noteChanges(withoutCode(changedBy(given.all, true)), frame);
  if (known.intoFirst) putInto(given.at(0), [...given.from(1), ...partOf(given.from(1))], frame);
  const results = known.calls
    ? callBack(given.all, anyOf(given.all), node, frame, known === unknownCall || library)
    : nothing;
  if (known.keeps) keepFunctions(given.all, frame);
  return result(node, known, given, results, frame, library);
}

/** A method of an array, map, set or typed array; by any other name it may do anything to it. */
export function callCollection(
  node: SyntaxNode,
  receiver: Value,
  key: string | undefined,
  given: Given,
  frame: Frame,
): Value {
  const method = key === undefined ? undefined : collectionMethod(key);
  if (!method) {
    if (key === undefined || !isReader(key)) noteChanges(changedBy(receiver, true), frame);
    if (key === undefined) putInto(receiver, given.all, frame);
    return anyOf([...receiver, ...given.all]);
  }
  if (method.writes) {
    noteChanges(changedBy(receiver, false), frame);
    putInto(receiver, given.all, frame);
  }
  const elements = partOf(receiver);
  const results = method.calls
    ? callBack(given.all, [...elements, ...receiver, ...given.all], node, frame, false)
    : nothing;
  switch (method.gives) {
    case "plain":
      return nothing;
    case "self":
      return receiver;
    case "part":
      return [...elements, ...results, ...given.all];
    case "results":
      return newThing(node, "array", [...holding(results), ...holding(partOf(results))], frame);
    default:
      return newThing(node, "array", listed([...given.all, ...receiver, ...results]), frame);
  }
}

/** A new array of what is in these: elements, or pairs with them, or elements of elements. */
function listed(values: Value): Value {
  const elements = partOf(values);
  return [values, elements, holding(elements), partOf(elements)].flatMap((each) => holding(each));
}

/** A method of something from outside: readers by name, the library's own by its promise; others change what they can reach. */
export function callExternalMethod(
  node: SyntaxNode,
  slot: Slot,
  receiver: Value,
  key: string | undefined,
  given: Given,
  frame: Frame,
): Value {
  const { kind, library = false, module = "", name = "" } = slot.thing!;
  if (kind === "global") return callOutside(node, knownGlobal(`${name}.${key}`), given, frame);
  if (kind === "import" && (library || isBuiltin(module)))
    return callOutside(node, knownImport(module, key ?? ""), given, frame, library);
  if (kind === "import" && name === "*" && !module.startsWith(".")) return callOutside(node, unknownCall, given, frame);
  const reads = key !== undefined && (isReader(key) || (library && isLibraryReader(key)));
  if (!reads) {
    const changed = changedBy(receiver, true);
    noteChanges(library ? new Set([...changed].filter(({ thing }) => thing!.library)) : changed, frame);
    putInto(receiver, given.all, frame);
  }
  const known: KnownCall = reads || library ? { gives: "part", calls: true } : unknownCall;
  const results = callOutside(node, known, withReceiver(given, receiver), frame, library);
  return [...results, ...anyOf(receiver)];
}

const collections: Readonly<Record<string, ThingKind>> = {
  Array: "array",
  Map: "map",
  WeakMap: "map",
  Set: "set",
  WeakSet: "set",
};

/** `new Map(…)`, `new Float64Array(…)`, `new Date(…)`. */
export function constructGlobal(node: SyntaxNode, path: string, given: Given, frame: Frame): Value {
  if (path === "Promise") {
    const results = callBack(given.all, nothing, node, frame, false);
    return newThing(node, "unknown", anyOf([...results, ...given.all]), frame);
  }
  if (path === "Proxy") return [...given.at(0), ...newThing(node, "unknown", anyOf(given.all, 1), frame)];
  if (/^((Big)?(Int|Uint)(8|16|32|64)(Clamped)?|Float(16|32|64))Array$|^DataView$/.test(path)) {
    const copies = [...thingsOf(given.at(0))].every(({ thing }) => thing!.kind === "array");
    return newThing(node, "typed-array", copies ? nothing : anyOf(given.all), frame);
  }
  const kind = collections[path];
  if (!kind) return newThing(node, "unknown", anyOf(given.all, 1), frame, `new ${path}`);
  return newThing(node, kind, listed(given.all), frame, `new ${path}`);
}

function result(
  node: SyntaxNode,
  known: KnownCall,
  given: Given,
  results: Value,
  frame: Frame,
  library: boolean,
): Value {
  const values = [...given.all, ...results];
  switch (known.gives ?? "plain") {
    case "plain":
      return nothing;
    case "first":
      return given.at(0);
    case "new":
      return newThing(node, "unknown", anyOf(results, 1), frame, "new", library);
    case "array":
      return newThing(node, "array", listed(values), frame);
    case "holder":
      return newThing(node, "unknown", anyOf(values, 1), frame, "holder", library);
    default:
      return newThing(node, "unknown", anyOf(values), frame, "part", library);
  }
}

function newThing(
  node: SyntaxNode,
  kind: ThingKind,
  inside: Value,
  frame: Frame,
  tag: string = kind,
  library = false,
): Value {
  const slot = frame.world.thing(frame.context, node, kind, tag, library);
  frame.world.heap.flow(slot, inside);
  return same(slot);
}

/** A function handed to others is not changed by it, only called. */
function withoutCode(things: ReadonlySet<Slot>): Set<Slot> {
  return new Set([...things].filter(({ thing }) => !thing!.code));
}

/** Functions given to a method are called with parts of its receiver. */
function withReceiver(given: Given, receiver: Value): Given {
  return { at: given.at, from: given.from, all: [...given.all, ...receiver] };
}
