// Types of cells: whether a cell fits all cells before it and the project, what could be written at a cursor, what a name is. The
// checker is a process of its own; nothing here blocks.

import { type CellModule, type NameKind, readCell, readDraft } from "./cell-module.ts";
import { CellProgram } from "./cell-program.ts";
import { describeName, type NameInfo } from "./describe-name.ts";
import { type CellDiagnostic, toCellDiagnostic } from "./diagnostics.ts";
import { kernelGlobals } from "./kernel-globals.ts";
import { TypeServerEnded } from "./type-process.ts";
import type { TypeQuestions } from "./type-questions.ts";
import { TypeServer } from "./type-server.ts";

export interface TypedCompletion {
  readonly name: string;
  /** As Jupyter's front ends draw it: `function`, `class`, `property`. */
  readonly kind: string;
}

export interface CheckedCell {
  readonly diagnostics: readonly CellDiagnostic[];
  /** From now on the cell's names are known to the cells after it. Called when it runs. */
  accept(): void;
}

export interface Checker {
  /** Gets ready; until then the first question waits. */
  warmUp(): void;
  isWarm(): boolean;
  /** @throws Error the checker could not be started, or ended twice while it was asked */
  check(code: string): Promise<CheckedCell>;
  /** Cursor in UTF-16 units. */
  complete(code: string, cursor: number): Promise<TypedCompletion[]>;
  describe(code: string, cursor: number): Promise<NameInfo | undefined>;
  /** Forgets all cells: their variables are gone. */
  clear(): void;
  close(): void;
}

/** Of a check, of a question while typing, and what the kernel gives to cells. */
const files = { check: ".cell-check.ts", draft: ".cell-draft.ts", globals: ".cell-globals.d.ts" } as const;
const roots: [string, string][] = [
  [files.check, "export {};"],
  [files.draft, "export {};"],
  [files.globals, kernelGlobals],
];
const cellFile = (cell: number) => `.cell-${cell}.ts`;
/** A package without types is `any`; everything else that is wrong is told. */
const untold: ReadonlySet<number> = new Set([7016]);
/** What it imports is not there (yet). */
const unresolved: ReadonlySet<number> = new Set([2307, 2792, 2305, 2614]);
const errorCategory = 1;
const keyKinds: ReadonlySet<string> = new Set(["field", "property", "method"]);

export function createChecker(folder: string): Checker {
  const program = new CellProgram((cell) => `./${cellFile(cell)}`);
  let server: Promise<TypeServer> | undefined;
  let warm = false;
  let cells = 0;
  /** Something could not be found: it may be there by the next time. */
  let missing = false;
  let closed = false;
  let library: Promise<string[]> | undefined;

  function start(): Promise<TypeServer> {
    if (closed) return Promise.reject(new Error("Cannot check types: the kernel is ending"));
    server ??= TypeServer.start({ folder, roots: new Map(roots) }).then((started) => {
      warm = true;
      for (const cell of program.cells()) started.write(cellFile(cell), program.text(cell)!);
      return started;
    });
    return server;
  }

  /** The next question starts another. */
  function drop(used: Promise<TypeServer>): void {
    server = undefined;
    warm = false;
    void used.then((broken) => broken.close()).catch(() => {}); // it never came up
  }

  /** A server that has ended is started anew, once: all it knew is here. */
  async function ask<T>(
    file: string,
    text: string,
    question: (asking: TypeQuestions, asked: { path: string; server: TypeServer }) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const used = start();
      try {
        const asked = await used;
        asked.write(file, text);
        const anew = missing;
        missing = false;
        return await asked.ask((asking) => question(asking, { path: asked.path(file), server: asked }), { anew });
      } catch (error) {
        const ended = error instanceof TypeServerEnded;
        if ((ended || !warm) && server === used) drop(used);
        if (!ended || attempt === 2) throw error;
      }
    }
  }

  async function check(code: string): Promise<CheckedCell> {
    const module = readCell(code);
    if (!module) return { diagnostics: [], accept: () => {} };
    const diagnostics = await diagnose(module, code);
    return { diagnostics, accept: () => void accept(module) };
  }

  /** Before the next question the server has it: both wait for the same start. */
  async function accept(module: CellModule): Promise<void> {
    const { changed, deleted } = program.add(++cells, module);
    const started = await server?.catch(() => undefined); // a next one reads all cells anew
    try {
      for (const cell of changed) started?.write(cellFile(cell), program.text(cell)!);
      for (const cell of deleted) started?.remove(cellFile(cell));
    } catch {
      if (server) drop(server); // a full disk: the next cell is told, this one runs
    }
  }

  async function diagnose(module: CellModule, code: string): Promise<CellDiagnostic[]> {
    const found = await ask(files.check, program.draft(module), async (asking, { path, server }) => {
      const reads = /\b(import|require)\b/.test(code) && server.noteFiles(asking);
      const [diagnostics] = await Promise.all([asking.diagnostics(path), reads]);
      return diagnostics;
    });
    missing = found.some(({ code }) => unresolved.has(code));
    return found
      .filter(({ category, code }) => category === errorCategory && !untold.has(code))
      .map((raw) => toCellDiagnostic(raw, code, module.shift));
  }

  async function complete(code: string, cursor: number): Promise<TypedCompletion[]> {
    const draft = readDraft(code);
    const before = code.slice(0, cursor);
    if (/\.\s*[\p{ID_Continue}$#]*$/u.test(before)) return await typedNames(draft, cursor);
    // Where no key can stand the server refuses, and the names in scope are all there is.
    const keys = /[{,]\s*[\p{ID_Continue}$]*$/u.test(before) ? await typedNames(draft, cursor).catch(() => []) : [];
    return [...keys.filter(({ kind }) => keyKinds.has(kind)), ...knownNames(draft), ...(await typesOfLibrary())];
  }

  /** Members of a value, keys of an object. Of all names in scope the server gives none: it would want to add imports. */
  async function typedNames(draft: CellModule, cursor: number): Promise<TypedCompletion[]> {
    const found = await ask(files.draft, program.draft(draft, { allNames: true }), (asking, { path }) =>
      asking.completions(path, cursor),
    );
    const entries = [...found].sort((a, b) => compare(a.sortText, b.sortText));
    return entries.map(({ name, kind }) => ({
      name: name.replace(/\?$/, ""), // of a key that may be left out
      kind: kindNames[kind ?? 0] ?? "",
    }));
  }

  /** Names of cells. TypeScript's own list of names in scope would want every package's exports with it. */
  function knownNames({ declares }: CellModule): TypedCompletion[] {
    const kinds = new Map([...program.names(), ...declares]);
    return [...kinds].map(([name, kind]) => ({ name, kind: declaredKinds[kind] }));
  }

  /** The same for as long as the kernel lives. */
  async function typesOfLibrary(): Promise<TypedCompletion[]> {
    library ??= ask(files.draft, "export {};", (asking, { server }) => server.libraryTypes(asking));
    try {
      return (await library).map((name) => ({ name, kind: "interface" }));
    } catch {
      library = undefined; // told when a cell is checked; names are completed without it
      return [];
    }
  }

  async function describe(code: string, cursor: number): Promise<NameInfo | undefined> {
    const draft = readDraft(code);
    const kindOf = (name: string) => draft.declares.get(name) ?? program.kindOf(name);
    return await ask(files.draft, program.draft(draft, { allNames: true }), (asking, { path }) =>
      describeName(asking, { path, cursor, kindOf }),
    );
  }

  return {
    warmUp: () => void start().catch(() => {}), // the first question tells it
    isWarm: () => warm,
    check,
    complete,
    describe,
    clear: () => {
      const gone = program.cells();
      program.clear();
      void server?.then((started) => gone.map((cell) => started.remove(cellFile(cell)))).catch(() => {}); // it never came up
    },
    close: () => {
      closed = true;
      void server?.then((started) => started.close()).catch(() => {}); // it never came up
    },
  };
}

function compare(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const declaredKinds: Record<NameKind, string> = {
  let: "variable",
  const: "constant",
  function: "function",
  class: "class",
  enum: "enum",
  namespace: "module",
  type: "interface",
  import: "variable",
};

/** By the numbers of the Language Server Protocol's CompletionItemKind. */
const kindNames = [
  "",
  "text",
  "method",
  "function",
  "constructor",
  "field",
  "variable",
  "class",
  "interface",
  "module",
  "property",
  "unit",
  "value",
  "enum",
  "keyword",
  "snippet",
  "color",
  "file",
  "reference",
  "folder",
  "enum member",
  "constant",
  "struct",
  "event",
  "operator",
  "type parameter",
];
