// Where values come from, without running anything: variables and things (objects, functions, classes, imports) as slots, and
// edges that say how a slot's value relates to another's. An inclusion analysis after Andersen (1994) that tells a thing apart
// from what it holds, so that a copy is not taken for the original.
import type { SyntaxNode } from "./syntax.ts";

/**
 * How a value relates to the slot an edge comes from: it may be that very value, a part of it (a property, an element), a new
 * thing that holds it, or something made by it (an instance of a class), which shares its code alone.
 */
export type Path = "same" | "part" | "held" | "made";

export interface Edge {
  readonly from: Slot;
  readonly path: Path;
}

/** What an expression may give; empty for a number, a string, undefined. */
export type Value = readonly Edge[];

/** A variable, or a thing. */
export interface Slot {
  readonly edges: Edge[];
  readonly known: Map<Slot, Set<Path>>;
  thing?: Thing;
  /** The notebook's own variable of this name; calls that pass through the export's are exempt. */
  readonly name?: string;
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

  slot(thing?: Thing, name?: string): Slot {
    return { edges: [], known: new Map(), ...(thing && { thing }), ...(name !== undefined && { name }) };
  }

  flow(into: Slot, value: Value): void {
    for (const edge of value) {
      if (edge.from === into) continue;
      let paths = into.known.get(edge.from);
      if (!paths) into.known.set(edge.from, (paths = new Set()));
      if (paths.has(edge.path)) continue;
      paths.add(edge.path);
      into.edges.push(edge);
      this.changed = true;
    }
  }
}

export const nothing: Value = [];

export function same(slot: Slot): Value {
  return [{ from: slot, path: "same" }];
}

/** A property or element of the value. */
export function partOf(value: Value): Value {
  return value.map((edge) => (edge.path === "made" ? edge : { from: edge.from, path: "part" }));
}

/** A new thing's relation to a value put into it. */
export function holding(value: Value): Value {
  return value.map((edge) => (edge.path === "made" ? edge : { from: edge.from, path: "held" }));
}

/** Every slot the value or anything inside it may come from. */
export function reach(value: Value, seen: Set<Slot> = new Set()): Set<Slot> {
  for (const { from } of value) {
    if (seen.has(from)) continue;
    seen.add(from);
    reach(from.edges, seen);
  }
  return seen;
}

/** The things a value may be: for a property of something, anything inside it too. */
export function thingsOf(value: Value): Set<Slot> {
  const found = new Set<Slot>();
  visit(value, false, (slot) => slot.thing && found.add(slot));
  return found;
}

/** The things that a write through the value may change; `deep` when it may go to parts of it too. */
export function changedBy(value: Value, deep: boolean): Set<Slot> {
  const found = new Set<Slot>();
  visit(value, deep, (slot) => slot.thing && found.add(slot));
  return found;
}

/** Follows the edges a write follows: into held things only when deep, into the makers of instances never. */
function visit(value: Value, deep: boolean, found: (slot: Slot) => void, seen: Map<Slot, boolean> = new Map()): void {
  for (const { from, path } of value) {
    if (path === "made" || (path === "held" && !deep)) continue;
    const deeper = deep || path === "part";
    const before = seen.get(from);
    if (before === true || before === deeper) continue;
    seen.set(from, deeper);
    found(from);
    visit(from.edges, deeper, found, seen);
  }
}

/** Code that calling the value, or its methods, may run; true for what can only be reached through the export. */
export function codeIn(value: Value, exemptNames: ReadonlySet<string>): Map<Code, boolean> {
  const found = new Map<Code, boolean>();
  const seen = new Map<Slot, boolean>();
  collect(value, false);
  return found;

  function collect(edges: Value, exempt: boolean): void {
    for (const { from } of edges) {
      const below = exempt || (from.name !== undefined && exemptNames.has(from.name));
      const before = seen.get(from);
      if (before === false || before === below) continue;
      seen.set(from, below);
      const code = from.thing?.code;
      if (code) found.set(code, below && found.get(code) !== false);
      collect(from.edges, below);
    }
  }
}

export interface Callees {
  /** True for what can only be reached through the export. */
  readonly codes: ReadonlyMap<Code, boolean>;
  /** Things that are called but are no code of the notebook: imports, results of their functions, globals. */
  readonly externals: ReadonlyMap<Slot, boolean>;
}

/** What a call of the value itself may run; an unknown thing may run any function it was given. */
export function calleesOf(value: Value, exemptNames: ReadonlySet<string>): Callees {
  const codes = new Map<Code, boolean>();
  const externals = new Map<Slot, boolean>();
  const seen = new Map<Slot, boolean>();
  follow(value, false);
  return { codes, externals };

  function follow(edges: Value, exempt: boolean): void {
    for (const { from, path } of edges) {
      const below = exempt || (from.name !== undefined && exemptNames.has(from.name));
      const before = seen.get(from);
      if (before === false || before === below) continue;
      seen.set(from, below);
      const { thing } = from;
      if (thing?.code) add(codes, thing.code, below);
      else if (thing && isExternal(from)) add(externals, from, below);
      if (!thing && path !== "part") follow(from.edges, below);
      else if (!thing?.code) inside(from.edges, below);
    }
  }

  function inside(edges: Value, exempt: boolean): void {
    for (const [code, held] of codeIn(edges, exemptNames)) add(codes, code, exempt || held);
    for (const slot of reach(edges)) if (isExternal(slot)) add(externals, slot, exempt);
  }
}

function add<T>(into: Map<T, boolean>, key: T, exempt: boolean): void {
  into.set(key, exempt && into.get(key) !== false);
}

/** A thing whose inside the notebook does not show. */
export function isExternal({ thing }: Slot): boolean {
  return thing?.kind === "import" || thing?.kind === "unknown" || thing?.kind === "global";
}
