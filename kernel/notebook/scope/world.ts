// What the analysis knows while it walks: the notebook's variables in all their versions, the things made so far, and what the
// statement that is being followed reads and changes.
import type { DeclarationKind, Local } from "./bindings.ts";
import type { SyntaxNode } from "./syntax.ts";
import { type Code, type Context, Heap, nothing, type Slot, same, type ThingKind, type Value } from "./values.ts";

/** One declaration of a name in the shared scope; a name declared again has several. */
export interface Version {
  readonly name: string;
  readonly kind: DeclarationKind | "broken";
  /** Statements are counted through the notebook; functions and imports count as the start of their cell. */
  readonly time: number;
  /** Index among the cells handed in. */
  readonly cell: number;
  /** False where the declaration may never run, so that the version before it counts too. */
  readonly strong: boolean;
  readonly slot: Slot;
  readonly node?: SyntaxNode;
}

/** What following one statement found. */
export interface Effects {
  /** Shared names read or written, true where a missing one would throw. */
  readonly reads: Map<string, boolean>;
  readonly assigns: Set<Version>;
  /** Things written to, and assigned variables that are no shared names. */
  readonly changes: Set<Slot>;
  /** Functions somebody outside may call later. */
  readonly escapes: Set<Code>;
}

/** Where the walk is. */
export interface Frame {
  readonly world: World;
  readonly context: Context;
  /** What `this` is. */
  readonly self: Value;
  readonly time: number;
  readonly effects: Effects;
  /** Inside a call of the export: it changes nothing that counts. */
  readonly exempt: boolean;
  /** Contexts this statement has been through in this round. */
  readonly seen: Set<string>;
}

/** What the arguments of a call are. */
export interface Given {
  at(index: number): Value;
  from(index: number): Value;
  /** Everything, in one. */
  readonly all: Value;
}

/** The parts of the walk that call each other in a circle, put together by analysis.ts. */
export interface Walk {
  evaluate(node: SyntaxNode | undefined, frame: Frame): Value;
  follow(node: SyntaxNode | undefined, frame: Frame): void;
  /** Runs one function or class of the notebook. */
  run(code: Code, given: Given, self: Value, site: SyntaxNode, frame: Frame): Value;
}

const maxChain = 3;
const maxContexts = 4000;

export class World {
  readonly heap = new Heap();
  readonly versions = new Map<string, Version[]>();
  readonly locals = new Map<SyntaxNode, Local>();
  readonly declaredAt = new Map<SyntaxNode, Version>();
  /** Some getter, setter or method exists that JavaScript runs by itself. */
  hasImplicitCode = false;
  /** Names written to globalThis. */
  readonly globalNames = new Set<string>();
  readonly top: Context;
  readonly walk: Walk;
  readonly #outside = new Map<string, Slot>();
  readonly #contexts = new Map<string, Context>();
  readonly #ids = new Map<unknown, number>();

  constructor(walk: Walk) {
    this.walk = walk;
    this.top = { owner: undefined, parent: undefined, chain: [], slots: new Map(), returns: this.heap.slot() };
  }

  addVersion(version: Omit<Version, "slot">): Version {
    const whole = { ...version, slot: this.heap.slot() };
    const list = this.versions.get(version.name) ?? [];
    list.push(whole);
    list.sort((a, b) => a.time - b.time);
    this.versions.set(version.name, list);
    if (version.node) this.declaredAt.set(version.node, whole);
    this.heap.changed = true;
    return whole;
  }

  /** The versions a read at this time may see: the last one before it, and those before that while it may not have run. */
  reaching(name: string, time: number): Version[] {
    const all = this.versions.get(name) ?? [];
    const found: Version[] = [];
    for (const version of all.filter((one) => one.time < time).reverse()) {
      found.push(version);
      if (version.strong) return found;
    }
    return found.length > 0 ? found : all.slice(0, 1);
  }

  /** The slot of an import, a global, or `*` of a module. */
  outside(kind: "import" | "global", name: string, module = ""): Slot {
    const key = `${kind} ${module} ${name}`;
    let slot = this.#outside.get(key);
    if (!slot) {
      slot = this.heap.slot();
      this.heap.setThing(slot, { kind, name, ...(module && { module }), library: module === "cellwright" });
      this.#outside.set(key, slot);
    }
    return slot;
  }

  /** The thing made at a place of the text in a context; the same one every time. */
  made(context: Context, place: unknown, make: (slot: Slot) => void, tag = ""): Slot {
    const key = tag === "" ? place : `${this.#id(place)} ${tag}`;
    let slot = context.slots.get(key);
    if (!slot) {
      slot = this.heap.slot();
      context.slots.set(key, slot);
      make(slot);
    }
    return slot;
  }

  thing(context: Context, place: unknown, kind: ThingKind, tag = kind as string, library = false): Slot {
    return this.made(context, place, (slot) => this.heap.setThing(slot, { kind, library }), tag);
  }

  /** The variable a local name means, seen from a context. */
  variable(local: Local, from: Context): Slot {
    let context = from;
    while (context.owner !== local.owner && context.parent) context = context.parent;
    return this.made(context, local, () => {});
  }

  /** The context of one call: told apart by the last places of calls, until there are too many. */
  contextOf(code: Code, site: SyntaxNode, caller: Context): Context {
    const full = this.#contexts.size > maxContexts;
    const chain = full ? [] : [...caller.chain, this.#id(site)].slice(-maxChain);
    const key = `${this.#id(code.node)} ${this.#id(code.context)} ${chain.join(">")}`;
    let context = this.#contexts.get(key);
    if (!context) {
      context = { owner: code.node, parent: code.context, chain, slots: new Map(), returns: this.heap.slot() };
      this.#contexts.set(key, context);
    }
    return context;
  }

  contextKey(context: Context, exempt: boolean): string {
    return `${this.#id(context)} ${exempt}`;
  }

  #id(of: unknown): number {
    let id = this.#ids.get(of);
    if (id === undefined) this.#ids.set(of, (id = this.#ids.size));
    return id;
  }
}

export function noEffects(): Effects {
  return { reads: new Map(), assigns: new Set(), changes: new Set(), escapes: new Set() };
}

/** Notes a read of a shared name and gives what it may be. */
export function readShared(name: string, frame: Frame, hard = true): Value {
  const { world, effects, time } = frame;
  effects.reads.set(name, hard || effects.reads.get(name) === true);
  if (world.versions.has(name)) return world.reaching(name, time).flatMap(({ slot }) => same(slot));
  if (name === "undefined" || name === "NaN" || name === "Infinity") return nothing;
  return same(world.outside("global", world.globalNames.has(name) ? "globalThis" : name));
}

export function writeShared(name: string, value: Value, frame: Frame): void {
  const { world, effects, time } = frame;
  effects.reads.set(name, true);
  if (!world.versions.has(name)) {
    if (knownGlobals.has(name)) noteChanges(new Set([world.outside("global", name)]), frame);
    return;
  }
  for (const version of world.reaching(name, time)) {
    world.heap.flow(version.slot, value);
    if (!frame.exempt) effects.assigns.add(version);
  }
}

/** What is there without being declared: Node's globals, and what a kernel adds for cells. */
export const knownGlobals: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(globalThis),
  "globalThis",
  "arguments",
  "require",
  "__dirname",
]);

export function noteChanges(things: ReadonlySet<Slot>, frame: Frame): void {
  if (!frame.exempt) for (const thing of things) frame.effects.changes.add(thing);
}
