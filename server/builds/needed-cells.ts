// Which cells an export needs, and why. The meaning of a notebook is its code cells run once from top to bottom in one shared
// scope; the build keeps the part of it that decides what the export answers.
//
// - The unit is the cell: a kept cell runs whole. Imports are the exception: each comes along by the names that are needed, alone
//   if nothing else of its cell is (then its cell's side-effect imports come too, and nothing else of it).
// - Needed is what the export's code can reach when it is called after the last cell (the last definition of a name counts), and
//   what a kept cell reads while it runs (the last definition before it counts), through the functions it calls.
// - Kept too is a cell that, while a needed value is still looked at, assigns its name or may write to its object: by property,
//   delete, method, Object.assign and the like, through another name, or in a function it calls. Where the text does not tell (a
//   function from elsewhere is given the object, a method of an object from elsewhere), it is kept.
// - Reading, showing, copying and calling the export are no changes. What "cellwright" exports leaves its arguments alone.
// - Not followed: state hidden in a module and reached by two of its exports, strings run as code.
// - Tagged `always` is kept; tagged `never` is not, and is an error where a needed name is declared.
import {
  type Analysis,
  analyzeCells,
  codeOf,
  laterReads,
  type NotebookExport,
  type Statement,
  startOf,
} from "../../kernel/notebook/scope/analysis.ts";
import type { CodeCell, ParsedCell } from "../../kernel/notebook/scope/parse-cell.ts";
import { child, children, field } from "../../kernel/notebook/scope/syntax.ts";
import { type Code, reach, type Slot, same } from "../../kernel/notebook/scope/values.ts";
import { knownGlobals, type Version } from "../../kernel/notebook/scope/world.ts";
import type { KeptCell } from "../../lib/contract/model.ts";
import { cellName } from "./build-error.ts";
import { brokenCell, chain, neverTagged, type Reason, requireExport, undeclaredName } from "./needed-refusals.ts";

export interface NeededCells {
  readonly analysis: Analysis;
  /** The last export of the name. */
  readonly exported: NotebookExport;
  /** Indexes of cells whose code runs. */
  readonly code: ReadonlySet<number>;
  /** Indexes of cells that give imports; some give nothing else. */
  readonly imports: ReadonlySet<number>;
  /** Import declarations of which a name is needed. */
  readonly neededImports: ReadonlySet<Version>;
  /** Every code cell with the reason why it is in or out. */
  readonly cells: readonly KeptCell[];
  /** The chain that needs a cell, for people: `explain (cell 7) → model (cell 4)`. */
  chainOf(cell: number): string;
  /** The chain that needs one imported name. */
  chainOfImport(version: Version): string;
}

/** Every program uses these without naming them: what a cell adds to `Array.prototype` counts. */
const usedUnnamed = ["Object", "Function", "Array", "String", "Number", "Promise", "RegExp"];

/** Time after the last cell. */
const end = Number.POSITIVE_INFINITY;

/**
 * The cells that a notebook's export needs.
 *
 * @throws BuildError no such export; a needed cell does not parse or is tagged `never`; a needed name is declared nowhere
 */
export function neededCells(cells: readonly CodeCell[], functionName: string): NeededCells {
  const analysis = analyzeCells(cells, functionName);
  const exported = requireExport(analysis, functionName);
  return new Selection(analysis, exported).run();
}

class Selection {
  readonly #analysis: Analysis;
  readonly #exported: NotebookExport;
  readonly #code = new Set<number>();
  readonly #imports = new Set<number>();
  readonly #neededImports = new Set<Version>();
  readonly #reasons = new Map<number, { why: string; reason: Reason | undefined }>();
  readonly #skipped = new Map<number, string>();
  /** Until when a name's version, and a thing, is looked at; and who looks last. */
  readonly #names = new Map<Version, { until: number; reason: Reason }>();
  readonly #things = new Map<Slot, { until: number; reason: Reason }>();
  readonly #live = new Set<Code>();
  readonly #queue: (() => void)[] = [];

  constructor(analysis: Analysis, exported: NotebookExport) {
    this.#analysis = analysis;
    this.#exported = exported;
  }

  run(): NeededCells {
    const { cells } = this.#analysis;
    this.#needExport();
    for (const [index, { cell }] of cells.entries())
      if (cell.tags.includes("always")) this.#keep(index, "tagged `always`", undefined);
    this.#drain();
    while (this.#keepChanges()) this.#drain();
    return {
      analysis: this.#analysis,
      exported: this.#exported,
      code: this.#code,
      imports: this.#imports,
      neededImports: this.#neededImports,
      cells: cells.map((parsed, index) => this.#describe(parsed, index)),
      chainOf: (cell) => chain(this.#reasons.get(cell)?.reason, cells),
      chainOfImport: (version) => chain(this.#names.get(version)?.reason, cells),
    };
  }

  #drain(): void {
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) next();
  }

  #needExport(): void {
    const { name, local, statement } = this.#exported;
    const { world } = this.#analysis;
    const reason: Reason = { name, cell: statement.cell, by: undefined };
    for (const used of usedUnnamed)
      this.#needThing(world.outside("global", used), end, { name: used, cell: statement.cell, by: reason });
    if (local !== undefined) this.#needName(local, end, reason, true);
    else this.#keepImports(statement.cell, `passes on \`${name}\``, reason);
  }

  /** A name is read at a time. */
  #needName(name: string, time: number, by: Reason, hard: boolean): void {
    const { world } = this.#analysis;
    if (!world.versions.has(name)) {
      this.#needOutside(name, time, by, hard);
      return;
    }
    for (const version of world.reaching(name, time)) {
      const reason = by.name === name && by.cell === version.cell ? by : { name, cell: version.cell, by };
      this.#needVersion(version, time, reason);
    }
  }

  #needVersion(version: Version, time: number, reason: Reason): void {
    const before = this.#names.get(version);
    if (before && before.until >= time) return;
    this.#names.set(version, { until: time, reason });
    this.#keepDeclaration(version, reason);
    for (const slot of reach(same(version.slot))) this.#needThing(slot, time, reason);
    if (time === end) for (const code of codeOf(same(version.slot))) this.#makeLive(code, reason);
  }

  #needThing(slot: Slot, time: number, reason: Reason): void {
    if (!slot.thing && !slot.captured) return;
    const before = this.#things.get(slot);
    if (!before || before.until < time) this.#things.set(slot, { until: time, reason });
  }

  /** Code that may run after the last cell: what it reads is read then. */
  #makeLive(code: Code, reason: Reason): void {
    if (this.#live.has(code)) return;
    this.#live.add(code);
    const { names, captured } = laterReads(code, this.#analysis.world);
    for (const [name, hard] of names) this.#queue.push(() => this.#needName(name, end, reason, hard));
    for (const slot of captured) {
      for (const inner of reach(same(slot))) this.#needThing(inner, end, reason);
      for (const inner of codeOf(same(slot))) this.#makeLive(inner, reason);
    }
  }

  #needOutside(name: string, time: number, by: Reason, hard: boolean): void {
    const { world } = this.#analysis;
    const global = world.globalNames.has(name) ? "globalThis" : name;
    if (knownGlobals.has(global)) this.#needThing(world.outside("global", global), time, { name, cell: by.cell, by });
    else if (hard && !this.#isAmbient(name)) throw undeclaredName(name, by, this.#exported.name, this.#analysis.cells);
  }

  #keepDeclaration(version: Version, reason: Reason): void {
    const user = reason.by ? `, used by \`${reason.by.name}\`` : "";
    const what = reason.by ? `declares \`${version.name}\`` : `declares the export \`${this.#exported.name}\``;
    if (version.kind !== "import") {
      this.#keep(version.cell, what + user, reason);
      return;
    }
    this.#neededImports.add(version);
    this.#keepImports(version.cell, `imports \`${version.name}\`${user}`, reason);
  }

  #keepImports(cell: number, why: string, reason: Reason): void {
    this.#refuseNever(cell, reason);
    this.#imports.add(cell);
    if (!this.#reasons.has(cell)) this.#reasons.set(cell, { why, reason });
  }

  #keep(cell: number, why: string, reason: Reason | undefined): void {
    if (this.#code.has(cell)) return;
    const parsed = this.#analysis.cells[cell]!;
    this.#refuseNever(cell, reason);
    if (parsed.problem) throw brokenCell(parsed, reason, this.#exported.name, this.#analysis.cells);
    this.#code.add(cell);
    this.#imports.add(cell);
    this.#reasons.set(cell, { why, reason });
    const owner = reason ?? { name: cellName(parsed.cell), cell, by: undefined };
    for (const statement of this.#statementsOf(cell)) this.#queue.push(() => this.#needReads(statement, owner));
  }

  #needReads({ time, effects, declares, cell }: Statement, owner: Reason): void {
    const own = declares[0]
      ? { name: declares[0].name, cell, by: owner.name === declares[0].name ? owner.by : owner }
      : owner;
    for (const [name, hard] of effects.reads) this.#needName(name, time, own, hard);
    for (const code of effects.escapes) this.#makeLive(code, own);
  }

  /** Keeps cells that change what is needed; true when there was one. */
  #keepChanges(): boolean {
    const { statements, cells } = this.#analysis;
    const before = this.#code.size;
    for (const statement of statements) {
      if (this.#code.has(statement.cell)) continue;
      const hit = this.#hit(statement);
      if (hit) this.#keepChanging(statement.cell, hit);
    }
    for (const [index, { problem }] of cells.entries()) {
      const hit = problem && !this.#code.has(index) && this.#names.size > 0 && this.#guessedHit(index, problem.changes);
      if (hit) this.#keepChanging(index, hit);
    }
    return this.#code.size > before;
  }

  #keepChanging(cell: number, needed: Reason): void {
    const what = `changes \`${needed.name}\``;
    if (this.#analysis.cells[cell]!.cell.tags.includes("never"))
      this.#skipped.set(cell, `tagged \`never\`, though it ${what}`);
    else
      this.#keep(cell, what + (needed.by ? `, used by \`${needed.by.name}\`` : ""), {
        name: needed.name,
        cell,
        by: needed.by,
      });
  }

  /** The needed name or thing that a statement changes while it is still looked at. */
  #hit({ time, effects }: Statement): Reason | undefined {
    for (const version of effects.assigns) {
      const need = this.#names.get(version);
      if (need && time < need.until) return need.reason;
    }
    for (const thing of effects.changes) {
      const need = this.#things.get(thing);
      if (need && time < need.until) return need.reason;
    }
    return undefined;
  }

  /** For a cell that does not parse: the words that look like changes. */
  #guessedHit(cell: number, names: readonly string[]): Reason | undefined {
    const time = startOf(cell);
    for (const [version, { until, reason }] of this.#names)
      if (names.includes(version.name) && version.time < time && time < until) return reason;
    return undefined;
  }

  #statementsOf(cell: number): Statement[] {
    return this.#analysis.statements.filter((statement) => statement.cell === cell && !statement.isImport);
  }

  #describe({ cell }: ParsedCell, index: number): KeptCell {
    const kept = this.#code.has(index) || this.#imports.has(index);
    const left =
      this.#skipped.get(index) ??
      (cell.tags.includes("never") ? "tagged `never`" : `nothing \`${this.#exported.name}\` needs`);
    const why = kept ? this.#reasons.get(index)!.why + (this.#code.has(index) ? "" : " (its imports alone)") : left;
    return { cell: cell.id, position: cell.position, kept, why };
  }

  #isAmbient(name: string): boolean {
    return this.#analysis.cells.some(({ statements }) =>
      statements.some((statement) => declaresAmbient(statement, name)),
    );
  }

  #refuseNever(cell: number, reason: Reason | undefined): void {
    const { cells } = this.#analysis;
    if (reason && cells[cell]!.cell.tags.includes("never")) throw neverTagged(cell, reason, this.#exported.name, cells);
  }
}

/** `declare const name: …` and `declare global`: the notebook says it is there. */
function declaresAmbient(statement: Parameters<typeof child>[0], name: string): boolean {
  if (field(statement, "declare") !== true) return false;
  const id = child(statement, "id");
  const ids = id ? [id] : children(statement, "declarations").map((one) => child(one, "id")!);
  return ids.some((one) => field(one, "name") === name);
}
