// Where values come from, without running anything: variables and things (objects, functions, classes, imports) as slots, and
// edges that say how a slot's value relates to another's. An inclusion analysis after Andersen (1994) that tells a thing apart
// from what it holds, so that a copy is not taken for the original. Over 300 lines, for its kinds of edges are solved together.
import type { SyntaxNode } from "./syntax.ts";

/**
 * How a value relates to the slot it comes from. What lies at depth d of the value (0: the value itself, 1: a property or element
 * of it, …) lies at depth d + shift of the slot, for every d from `min` on; what lies less deep is the value's own. So the same
 * value is {0, 0}, a part of it {1, 0}, a new thing holding it {-1, 1}, a copy holding its parts {0, 1}. With `anyDepth` as shift it
 * may lie at any depth. What is `made` by a class shares its code alone.
 */
export interface Edge {
  readonly from: Slot;
  readonly shift: number;
  readonly min: number;
  readonly made?: boolean;
}

export const anyDepth: number = Number.POSITIVE_INFINITY;

/** What an expression may give; empty for a number, a string, undefined. */
export type Value = readonly Edge[];

/** A variable, or a thing. */
export interface Slot {
  readonly edges: Edge[];
  readonly known: Map<Slot, Set<string>>;
  thing?: Thing;
  /** A variable that a function or class made elsewhere goes on using. */
  captured: boolean;
  /** The export's variable: calls that pass through it change nothing that counts. */
  exempt: boolean;
  /** Slots with an edge from here. */
  readonly users: Slot[];
  /** All code that can be reached from here, and what of it not only through the export. Kept up to date by the heap. */
  readonly codes: Set<Code>;
  readonly freeCodes: Set<Code>;
  /** Something of unknown doings can be reached: an import that is not the library's, or what one gave. */
  reachesForeign: boolean;
}

export type ThingKind =
  | "array"
  | "map"
  | "set"
  | "typed-array"
  | "object"
  | "instance"
  | "function"
  | "class"
  | "import"
  | "global"
  | "unknown";

export interface Thing {
  readonly kind: ThingKind;
  /** From "cellwright", whose functions leave their arguments alone. */
  readonly library?: boolean;
  readonly code?: Code;
  /** Of an import. */
  readonly module?: string;
  /** Of an import its exported name (`*` for the namespace), of a global its name. */
  readonly name?: string;
}

/** A function or class of the notebook together with the scope it was made in. */
export interface Code {
  readonly node: SyntaxNode;
  readonly context: Context;
  readonly slot: Slot;
  /** `this` of the place it was made at, for arrow functions and field initialisers. */
  readonly self: Slot | undefined;
  /** Variables of the functions and blocks around it that it uses. */
  readonly captures: readonly Slot[];
  /** The property it is the value of, where the text says so; undefined or anyKey when every method call may mean it. */
  key: string | undefined;
  readonly role: "function" | "class" | "getter" | "setter";
}

export const anyKey = "*";
/** The key of what stands under a computed one: `[Symbol.iterator]`. */
export const computedKey = "[computed]";

/** One call (or all calls from one chain of places) of a function: its own variables. */
export interface Context {
  readonly owner: SyntaxNode | undefined;
  readonly parent: Context | undefined;
  /** The last places of calls that led here. */
  readonly chain: readonly number[];
  readonly slots: Map<unknown, Slot>;
  readonly returns: Slot;
}

export class Heap {
  /** Set when an edge was added: another round is needed. */
  changed = false;

  slot(): Slot {
    return {
      edges: [],
      known: new Map(),
      users: [],
      codes: new Set(),
      freeCodes: new Set(),
      reachesForeign: false,
      captured: false,
      exempt: false,
    };
  }

  /** Makes a new slot a thing. */
  setThing(slot: Slot, thing: Thing): void {
    slot.thing = thing;
    const codes = thing.code ? [thing.code] : [];
    spread(slot, { codes, free: codes, foreign: isForeign(thing) });
  }

  flow(into: Slot, value: Value): void {
    for (const edge of value) {
      const { from, shift, min, made } = edge;
      if (from === into && shift === 0 && min === 0) continue;
      const kind = made ? "made" : `${shift} ${min}`;
      let kinds = into.known.get(from);
      if (!kinds) into.known.set(from, (kinds = new Set()));
      if (kinds.has(kind)) continue;
      if (kinds.size === 0) from.users.push(into);
      kinds.add(kind);
      into.edges.push(edge);
      spread(into, newsOf(from));
      this.changed = true;
    }
  }
}

/** What can be reached from a slot, as its users hear of it. */
interface News {
  readonly codes: Iterable<Code>;
  readonly free: Iterable<Code>;
  readonly foreign: boolean;
}

function newsOf({ codes, freeCodes, exempt, reachesForeign }: Slot): News {
  return { codes, free: exempt ? [] : freeCodes, foreign: reachesForeign };
}

/** Notes what can be reached from a slot, and passes what is new on to those who reach the slot. */
function spread(slot: Slot, news: News): void {
  const waiting: [Slot, News][] = [[slot, news]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [at, { codes, free, foreign }] = next;
    const fresh = addAll(at.codes, codes);
    const freshFree = addAll(at.freeCodes, free);
    const nowForeign = foreign && !at.reachesForeign;
    if (fresh.length === 0 && freshFree.length === 0 && !nowForeign) continue;
    at.reachesForeign ||= foreign;
    for (const user of at.users)
      waiting.push([user, { codes: fresh, free: at.exempt ? [] : freshFree, foreign: nowForeign }]);
  }
}

function isForeign({ kind, library = false, module = "" }: Thing): boolean {
  return !library && (kind === "unknown" || (kind === "import" && !module.startsWith("node:")));
}

function addAll(into: Set<Code>, codes: Iterable<Code>): Code[] {
  const fresh = [...codes].filter((code) => !into.has(code));
  for (const code of fresh) into.add(code);
  return fresh;
}

export const nothing: Value = [];

export function same(slot: Slot): Value {
  return [{ from: slot, shift: 0, min: 0 }];
}

/** A property or element of the value. */
export function partOf(value: Value): Value {
  return value.map((edge) => (edge.made ? edge : moved(edge, edge.shift + 1, Math.max(0, edge.min - 1))));
}

/** A new thing's relation to a value put into it. */
export function holding(value: Value): Value {
  return value.map((edge) => (edge.made ? edge : moved(edge, edge.shift - 1, edge.min + 1)));
}

/** Something that may be the value or any part of it; with `min` 1, a new thing that holds it somewhere. */
export function anyOf(value: Value, min = 0): Value {
  return value.map((edge) => (edge.made ? edge : { from: edge.from, shift: anyDepth, min }));
}

/** Shares the value's code, as an instance does its class's. */
export function madeBy(value: Value): Value {
  return value.map(({ from }) => ({ from, shift: 0, min: 0, made: true }));
}

/** Depths beyond this are not told apart. */
const deepest = 3;

function moved({ from }: Edge, shift: number, min: number): Edge {
  if (shift === anyDepth || Math.abs(shift) > deepest || min > deepest)
    return { from, shift: anyDepth, min: Math.min(min, deepest) };
  return { from, shift, min };
}

/** Every slot the value or anything inside it may come from, and what its functions have around them. */
export function reach(value: Value): Set<Slot> {
  const seen = new Set<Slot>();
  const waiting = value.map(({ from }) => from);
  for (let slot = waiting.pop(); slot; slot = waiting.pop()) {
    if (seen.has(slot)) continue;
    seen.add(slot);
    for (const { from } of slot.edges) waiting.push(from);
    const code = slot.thing?.code;
    if (code) waiting.push(...code.captures, ...(code.self ? [code.self] : []));
  }
  return seen;
}

/** The things a value may be; of what is not the notebook's own, the thing it is a part of. */
export function thingsOf(value: Value): Set<Slot> {
  const found = new Set<Slot>();
  visit(value, 0, (slot, depth) => {
    if (slot.thing && (depth === 0 || depth === anyDepth || isExternal(slot))) found.add(slot);
  });
  return found;
}

/**
 * The things that a write through the value may change, those it lies in included; `deep` when it may go to parts of the value
 * too.
 */
export function changedBy(value: Value, deep: boolean): Set<Slot> {
  const found = new Set<Slot>();
  visit(value, deep ? anyDepth : 0, (slot) => slot.thing && found.add(slot));
  return found;
}

/** Follows what lies at a depth of the value to where it comes from. */
function visit(
  value: Value,
  depth: number,
  found: (slot: Slot, depth: number) => void,
  seen: Map<Slot, Set<number>> = new Map(),
): void {
  for (const { from, shift, min, made } of value) {
    if (made || depth < min) continue;
    const there = depth + shift > deepest ? anyDepth : depth + shift;
    const before = seen.get(from) ?? new Set();
    if (before.has(anyDepth) || before.has(there)) continue;
    seen.set(from, before.add(there));
    found(from, there);
    visit(from.edges, there, found, seen);
  }
}

/** Code that calling the value, or its methods, may run; true for what can only be reached through the export. */
export function codeIn(value: Value): Map<Code, boolean> {
  const found = new Map<Code, boolean>();
  for (const { from } of value)
    for (const code of from.codes) add(found, code, from.exempt || !from.freeCodes.has(code));
  return found;
}

export interface Callees {
  /** True for what can only be reached through the export. */
  readonly codes: ReadonlyMap<Code, boolean>;
  /** Things that are called but are no code of the notebook: imports, results of their functions, globals. */
  readonly externals: ReadonlyMap<Slot, boolean>;
}

/** What a call of the value itself may run; an unknown thing may run any function it was given. */
export function calleesOf(value: Value): Callees {
  const codes = new Map<Code, boolean>();
  const externals = new Map<Slot, boolean>();
  const seen = new Map<Slot, Map<number, boolean>>();
  follow(value, 0, false);
  return { codes, externals };

  function follow(edges: Value, depth: number, exempt: boolean): void {
    for (const { from, shift, min, made } of edges) {
      if (made || depth < min) continue;
      const there = depth + shift > deepest ? anyDepth : depth + shift;
      const below = exempt || from.exempt;
      const before = seen.get(from) ?? new Map<number, boolean>();
      if (before.get(there) === false || before.get(there) === below) continue;
      seen.set(from, before.set(there, below));
      const code = from.thing?.code;
      if (code && (there === 0 || there === anyDepth)) add(codes, code, below);
      if (isExternal(from)) {
        add(externals, from, below);
        if (from.thing!.library && !from.reachesForeign) {
          for (const [inner, held] of codeIn(from.edges)) add(codes, inner, below || held);
          continue;
        }
        for (const [inner, held] of codeIn(from.edges)) add(codes, inner, below || held);
      }
      follow(from.edges, there, below);
    }
  }
}

function add<T>(into: Map<T, boolean>, key: T, exempt: boolean): void {
  into.set(key, exempt && into.get(key) !== false);
}

/** A thing whose inside the notebook does not show. */
export function isExternal({ thing }: Slot): boolean {
  return thing?.kind === "import" || thing?.kind === "unknown" || thing?.kind === "global";
}
