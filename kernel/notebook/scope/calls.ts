// Follows calls of the notebook's own functions, methods and classes, each into a context of its own. What is called outside the
// notebook is outside-calls.ts.
import { keepFunctions } from "./callbacks.ts";
import { codeAt } from "./code.ts";
import { anything, quiet } from "./frames.ts";
import { isReader, knownGlobal, knownImport, unknownCall } from "./known-calls.ts";
import { callCollection, callExternalMethod, callOutside, constructGlobal } from "./outside-calls.ts";
import { bind, keyOf, writeProperty } from "./patterns.ts";
import { child, children, field, nameOf, type SyntaxNode, staticKey } from "./syntax.ts";
import {
  anyKey,
  anyOf,
  type Code,
  calleesOf,
  changedBy,
  codeIn,
  computedKey,
  holding,
  isExternal,
  madeBy,
  nothing,
  partOf,
  reach,
  same,
  type Thing,
  thingsOf,
  type Value,
} from "./values.ts";
import { type Frame, type Given, noteChanges } from "./world.ts";

/** `f(…)`, `x.f(…)`, `` f`…` ``. */
export function call(node: SyntaxNode, frame: Frame): Value {
  const callee = unwrapped(child(node, node.type === "TaggedTemplateExpression" ? "tag" : "callee")!);
  if (callee.type === "Super") return callSuper(node, frame);
  const path = globalPath(callee, frame);
  if (path !== undefined) {
    frame.world.walk.evaluate(callee, frame);
    return callGlobal(node, path, givenTo(node, frame), frame);
  }
  if (callee.type !== "MemberExpression")
    return callValue(node, frame.world.walk.evaluate(callee, frame), givenTo(node, frame), frame);
  const object = child(callee, "object")!;
  const receiver = object.type === "Super" ? frame.self : frame.world.walk.evaluate(object, frame);
  const key = keyOf(callee, frame);
  return callMethod(node, receiver, key, givenTo(node, frame), frame);
}

/** `new C(…)`: an instance shares its class's code, and holds what classes of others were given. */
export function construct(node: SyntaxNode, frame: Frame): Value {
  const { world, context } = frame;
  const callee = unwrapped(child(node, "callee")!);
  const path = globalPath(callee, frame);
  const target = frame.world.walk.evaluate(callee, frame);
  const given = givenTo(node, frame);
  if (path !== undefined) return constructGlobal(node, path, given, frame);
  const { codes, externals } = calleesOf(target);
  const library = externals.size > 0 && [...externals.keys()].every(({ thing }) => thing?.library === true);
  const instance = world.thing(context, node, externals.size > 0 ? "unknown" : "instance", "new", library);
  world.heap.flow(instance, madeBy(target));
  for (const [code, exempt] of codes) {
    const result = run(code, given, same(instance), node, exempt ? quiet(frame) : frame);
    if (code.role === "function") world.heap.flow(instance, holding(result));
  }
  if (externals.size > 0) {
    world.heap.flow(instance, anyOf(given.all, 1));
    keepFunctions(given.all, frame);
  }
  return same(instance);
}

/** Calls a value that is no method: the notebook's functions it may be, and whatever else it may be. */
export function callValue(node: SyntaxNode, target: Value, given: Given, frame: Frame): Value {
  const { codes, externals } = calleesOf(target);
  const results: Edge[] = [];
  for (const [code, exempt] of codes) results.push(...run(code, given, nothing, node, exempt ? quiet(frame) : frame));
  for (const [{ thing }, exempt] of externals)
    results.push(...callOutside(node, knownThing(thing!), given, exempt ? quiet(frame) : frame, thing!.library));
  return results;
}

type Edge = Value[number];

/** `x.m(…)`: the notebook's methods of this name; else by what x is. */
function callMethod(node: SyntaxNode, receiver: Value, key: string | undefined, given: Given, frame: Frame): Value {
  const targets = [...thingsOf(receiver)];
  const codes = codeIn(receiver);
  if (targets.length === 0 && codes.size === 0) return callOutside(node, plainMethod, given, frame, true);
  if (isForwarding(key) && targets.some(({ thing }) => thing!.code)) return forward(node, receiver, key!, given, frame);
  const results: Edge[] = [];
  let named = false;
  let ran = false;
  for (const [code, exempt] of codes) {
    if (!isMeant(code, key)) continue;
    named ||= code.key === key && code.role === "function";
    ran = true;
    results.push(...run(code, given, receiver, node, exempt ? quiet(frame) : frame));
  }
  const collections = targets.filter(({ thing }) => isCollection(thing!));
  if (collections.length > 0 && !named) results.push(...callCollection(node, receiver, key, given, frame));
  const exempt = isExempt(receiver);
  for (const slot of targets.filter(isExternal))
    results.push(...callExternalMethod(node, slot, receiver, key, given, exempt ? quiet(frame) : frame));
  if (!named && collections.length === 0 && !targets.some(isExternal)) {
    const foreign = hasForeignMaker(receiver);
    if (foreign || !(ran || (key !== undefined && isReader(key)))) noteChanges(changedBy(receiver, true), frame);
  }
  return results;
}

/** Of the codes reachable from a receiver, those that a call of this name may mean. */
function isMeant(code: Code, key: string | undefined): boolean {
  if (code.role !== "function") return code.role === "getter" && code.key === key;
  return (
    key === undefined || code.key === undefined || code.key === key || code.key === anyKey || code.key === computedKey
  );
}

function isForwarding(key: string | undefined): boolean {
  return key === "call" || key === "apply" || key === "bind";
}

/** `f.call(self, …)`, `f.apply(self, list)`, `f.bind(self, …)`. */
function forward(node: SyntaxNode, target: Value, key: string, given: Given, frame: Frame): Value {
  if (key === "bind") return target;
  const rest = given.from(1);
  const passed = key === "call" ? shifted(given) : anything(partOf(rest));
  const { codes } = calleesOf(target);
  const results: Edge[] = [];
  for (const [code, exempt] of codes)
    results.push(...run(code, passed, given.at(0), node, exempt ? quiet(frame) : frame));
  return results;
}

function callGlobal(node: SyntaxNode, path: string, given: Given, frame: Frame): Value {
  const method = /\.prototype\.(\w+)\.(call|apply)$/.exec(path);
  if (!method) return callOutside(node, knownGlobal(path), given, frame);
  const passed = method[2] === "call" ? shifted(given) : anything(partOf(given.from(1)));
  return callMethod(node, given.at(0), method[1], passed, frame);
}

/** `super(…)`: the constructors of the classes that made `this`; the running one is not entered again. */
function callSuper(node: SyntaxNode, frame: Frame): Value {
  const given = givenTo(node, frame);
  for (const [code] of codeIn(frame.self)) if (code.role === "class") run(code, given, frame.self, node, frame);
  for (const { from } of frame.self)
    for (const slot of reach(from.edges)) if (isExternal(slot)) keepFunctions(given.all, frame);
  return nothing;
}

/** Runs one function or class of the notebook in a context of its own. */
export function run(code: Code, given: Given, self: Value, site: SyntaxNode, frame: Frame): Value {
  const { world } = frame;
  const context = world.contextOf(code, site, frame.context);
  const arrow = code.node.type === "ArrowFunctionExpression";
  const selfSlot = world.made(context, "this", () => {});
  world.heap.flow(selfSlot, arrow ? same(code.self!) : self);
  const inside: Frame = { ...frame, context, self: same(selfSlot) };
  if (code.role === "class") {
    runClass(code, given, site, inside);
    return nothing;
  }
  bindParameters(code.node, given, inside);
  const key = world.contextKey(context, frame.exempt);
  if (!frame.seen.has(key)) {
    frame.seen.add(key);
    const body = child(code.node, "body")!;
    if (body.type === "BlockStatement") world.walk.follow(body, inside);
    else world.heap.flow(context.returns, inside.world.walk.evaluate(body, inside));
  }
  return same(context.returns);
}

function bindParameters(node: SyntaxNode, given: Given, inside: Frame): void {
  children(node, "params").forEach((param, index) => {
    bind(param, param.type === "RestElement" ? given.from(index) : given.at(index), inside);
    if (param.type === "TSParameterProperty") {
      const name = parameterName(child(param, "parameter")!);
      if (name) writeProperty(inside.self, nameOf(name), given.at(index), quiet(inside));
    }
  });
  const all = inside.world.made(inside.context, "arguments", () => {});
  inside.world.heap.flow(all, holding(given.all));
}

function parameterName(pattern: SyntaxNode): SyntaxNode | undefined {
  const target = pattern.type === "AssignmentPattern" ? child(pattern, "left")! : pattern;
  return target.type === "Identifier" ? target : undefined;
}

/** Making an instance: fields, then the constructor, or the one of the class above. */
function runClass(code: Code, given: Given, site: SyntaxNode, inside: Frame): void {
  const key = inside.world.contextKey(inside.context, inside.exempt);
  const first = !inside.seen.has(key);
  inside.seen.add(key);
  let maker: SyntaxNode | undefined;
  for (const member of children(child(code.node, "body")!, "body")) {
    if (field(member, "kind") === "constructor") maker = child(member, "value");
    if (!/^(PropertyDefinition|AccessorProperty)$/.test(member.type) || field(member, "static") === true || !first)
      continue;
    const name = staticKey(child(member, "key"), field(member, "computed") === true);
    writeProperty(inside.self, name, inside.world.walk.evaluate(child(member, "value"), inside), quiet(inside));
  }
  if (maker) run(codeAt(maker, inside, "function", "constructor").thing!.code!, given, inside.self, site, inside);
  else if (first) {
    const superClass = inside.world.walk.evaluate(child(code.node, "superClass"), inside);
    for (const above of calleesOf(superClass).codes.keys()) run(above, given, inside.self, site, inside);
  }
}

function givenTo(node: SyntaxNode, frame: Frame): Given {
  if (node.type === "TaggedTemplateExpression") {
    const values = children(child(node, "quasi")!, "expressions").map((one) => frame.world.walk.evaluate(one, frame));
    return list([nothing, ...values]);
  }
  const nodes = children(node, "arguments");
  const values = nodes.map((one) => frame.world.walk.evaluate(one, frame));
  return nodes.some(({ type }) => type === "SpreadElement") ? anything(values.flat()) : list(values);
}

function list(values: readonly Value[]): Given {
  return { at: (index) => values[index] ?? nothing, from: (index) => values.slice(index).flat(), all: values.flat() };
}

function shifted(given: Given): Given {
  return { at: (index) => given.at(index + 1), from: (index) => given.from(index + 1), all: given.from(1) };
}

/** `console.log` when the whole path is no name of the notebook; undefined otherwise. */
function globalPath(callee: SyntaxNode, frame: Frame): string | undefined {
  if (callee.type === "Identifier") {
    const name = nameOf(callee);
    const known = frame.world.locals.has(callee) || frame.world.versions.has(name) || frame.world.globalNames.has(name);
    return known ? undefined : name;
  }
  if (callee.type !== "MemberExpression") return undefined;
  const key = staticKey(child(callee, "property"), field(callee, "computed") === true);
  const before = key === undefined ? undefined : globalPath(unwrapped(child(callee, "object")!), frame);
  if (before === undefined) return undefined;
  return before === "globalThis" || before === "global" ? key : `${before}.${key}`;
}

function unwrapped(node: SyntaxNode): SyntaxNode {
  return /^(ChainExpression|TSNonNullExpression|TSAsExpression|TSSatisfiesExpression|TSTypeAssertion|TSInstantiationExpression|ParenthesizedExpression)$/.test(
    node.type,
  )
    ? unwrapped(child(node, "expression")!)
    : node;
}

function knownThing(thing: Thing): ReturnType<typeof knownGlobal> {
  if (thing.kind === "import") return knownImport(thing.module!, thing.name!);
  if (thing.kind === "global") return knownGlobal(thing.name!);
  return thing.library ? { gives: "part", calls: true } : unknownCall;
}

/** Everything the value may be is reached through the export. */
function isExempt(value: Value): boolean {
  return value.length > 0 && value.every(({ from }) => from.exempt);
}

function isCollection({ kind }: Thing): boolean {
  return kind === "array" || kind === "map" || kind === "set" || kind === "typed-array";
}

/** An instance of a class that extends one from outside. */
function hasForeignMaker(value: Value): boolean {
  return [...thingsOf(value)].some(({ edges }) => [...reach(edges.filter(({ made }) => made))].some(isExternal));
}

const plainMethod = { gives: "array", calls: true } as const;
