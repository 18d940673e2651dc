// All cells run so far as modules that import from one another: which cell gives a name its meaning now, and what text each module has.
// A name declared again belongs to the later cell, for the cells before it too, as it does in the scope they share. Pure.
import { type CellModule, moduleText, type NameKind } from "./cell-module.ts";

interface KnownCell {
  readonly module: CellModule;
  /** Name → number of the cell it means. */
  readonly uses: Map<string, number>;
}

/** Cells whose text is another than before, and cells that are gone. */
export interface ProgramChanges {
  readonly changed: number[];
  readonly deleted: number[];
}

export class CellProgram {
  readonly #cells = new Map<number, KnownCell>();
  readonly #owners = new Map<string, number>();
  readonly #fileOf: (cell: number) => string;

  /** @param fileOf what a module is called by others in its folder: `./.cell-3.ts` */
  constructor(fileOf: (cell: number) => string) {
    this.#fileOf = fileOf;
  }

  /** Text of a module that is no cell of the program (yet). */
  draft(module: CellModule, { allNames = false } = {}): string {
    const ambient = [...this.#cells].filter(([, { module }]) => module.ambient).map(([number]) => this.#fileOf(number));
    return this.#text({ module, uses: this.#meant(module, allNames) }, ambient);
  }

  /** Text of a cell; undefined for one that is not there. */
  text(cell: number): string | undefined {
    const known = this.#cells.get(cell);
    return known && this.#text(known);
  }

  cells(): number[] {
    return [...this.#cells.keys()];
  }

  /** How a name was declared. */
  kindOf(name: string): NameKind | undefined {
    return this.#cells.get(this.#owners.get(name) ?? -1)?.module.declares.get(name);
  }

  /** Every name, with how it was declared. */
  names(): [string, NameKind][] {
    return [...this.#owners].map(([name, owner]) => [name, this.#cells.get(owner)!.module.declares.get(name)!]);
  }

  /** Takes a cell that runs: its names mean this cell from now on. */
  add(number: number, module: CellModule): ProgramChanges {
    if (module.declares.size === 0 && !module.ambient) return { changed: [], deleted: [] };
    const added = { module, uses: this.#meant(module) };
    this.#cells.set(number, added);
    for (const name of module.declares.keys()) this.#owners.set(name, number);
    const changed = this.#rebind(number, added);
    const deleted = this.#sweep();
    return { changed: [...changed, number].filter((cell) => this.#cells.has(cell)), deleted };
  }

  clear(): void {
    this.#cells.clear();
    this.#owners.clear();
  }

  #meant({ words, declares }: CellModule, allNames = false): Map<string, number> {
    const uses = new Map<string, number>();
    for (const [name, owner] of this.#owners)
      if ((allNames || words.has(name)) && !declares.has(name)) uses.set(name, owner);
    return uses;
  }

  #text({ module, uses }: KnownCell, ambient: readonly string[] = []): string {
    const named = [...uses].map(([name, owner]) => {
      const kind = this.#cells.get(owner)!.module.declares.get(name)!;
      return [name, { kind, from: this.#fileOf(owner) }] as const;
    });
    return moduleText(module, { uses: new Map(named), ambient });
  }

  /** Earlier cells that use the new cell's names; not those it rests on itself, which would make a circle. */
  #rebind(number: number, { module, uses }: KnownCell): number[] {
    const below = this.#reach(uses.values());
    const changed: number[] = [];
    for (const [earlier, cell] of this.#cells) {
      if (earlier === number || below.has(earlier)) continue;
      const names = [...module.declares.keys()].filter(
        (name) => cell.module.words.has(name) && !cell.module.declares.has(name),
      );
      for (const name of names) cell.uses.set(name, number);
      if (names.length > 0) changed.push(earlier);
    }
    return changed;
  }

  /** Cells that nobody can come to any more are forgotten. */
  #sweep(): number[] {
    const ambient = [...this.#cells].filter(([, { module }]) => module.ambient).map(([number]) => number);
    const alive = this.#reach([...this.#owners.values(), ...ambient]);
    const dead = [...this.#cells.keys()].filter((number) => !alive.has(number));
    for (const number of dead) this.#cells.delete(number);
    return dead;
  }

  #reach(from: Iterable<number>): Set<number> {
    const reached = new Set<number>();
    const visit = (number: number): void => {
      if (reached.has(number)) return;
      reached.add(number);
      for (const used of this.#cells.get(number)?.uses.values() ?? []) visit(used);
    };
    for (const number of from) visit(number);
    return reached;
  }
}
