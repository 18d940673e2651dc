// What TypeScript's language server can be asked about the files of one snapshot, by the names it gives its questions.

import type { Diagnostic } from "typescript7/unstable/async";
import type { UpdateSnapshotResponse } from "typescript7/unstable/proto";
import type { TypeProcess } from "./type-process.ts";

/** A state of all files. */
export type Snapshot = Pick<UpdateSnapshotResponse, "snapshot" | "projects">;

export interface FoundCompletion {
  readonly name: string;
  readonly sortText?: string;
  /** The Language Server Protocol's CompletionItemKind. */
  readonly kind?: number;
}

export interface TypeSymbol {
  readonly id: number;
  readonly name: string;
  readonly flags: number;
}

export interface Type {
  readonly id: number;
}

export interface DocTag {
  readonly name: string;
  readonly text?: unknown;
}

/** Positions are offsets in UTF-16 units. */
export class TypeQuestions {
  readonly #process: TypeProcess;
  readonly #about: { readonly snapshot: number; readonly project: string };

  constructor(process: TypeProcess, { snapshot, projects: [project] }: Snapshot) {
    if (!project) throw new Error("Cannot check types: found no project, expected one");
    this.#process = process;
    this.#about = { snapshot, project: project.id };
  }

  /** Of syntax, then of types. */
  async diagnostics(file: string): Promise<Diagnostic[]> {
    const kinds = ["getSyntacticDiagnostics", "getSemanticDiagnostics"];
    const found = await Promise.all(kinds.map((kind) => this.#ask<Diagnostic[]>(kind, { file })));
    return found.flatMap((some) => some ?? []);
  }

  async sourceFileNames(): Promise<string[]> {
    return (await this.#ask<string[]>("getSourceFileNames")) ?? [];
  }

  async completions(file: string, position: number): Promise<FoundCompletion[]> {
    const found = await this.#ask<{ entries: FoundCompletion[] }>("getCompletionsAtPosition", { file, position });
    return found?.entries ?? [];
  }

  symbolAt(file: string, position: number): Promise<TypeSymbol | undefined> {
    return this.#ask("getSymbolAtPosition", { file, position });
  }

  /** What an import stands for. */
  aliased({ id: symbol }: TypeSymbol): Promise<TypeSymbol | undefined> {
    return this.#ask("getAliasedSymbol", { symbol });
  }

  typeAt(file: string, position: number): Promise<Type | undefined> {
    return this.#ask("getTypeAtPosition", { file, position });
  }

  typeOf({ id: symbol }: TypeSymbol): Promise<Type | undefined> {
    return this.#ask("getTypeOfSymbol", { symbol });
  }

  declaredType({ id: symbol }: TypeSymbol): Promise<Type | undefined> {
    return this.#ask("getDeclaredTypeOfSymbol", { symbol });
  }

  async typeText({ id: type }: Type): Promise<string> {
    return (await this.#ask<string>("typeToString", { type })) ?? "any";
  }

  async documentation({ id: symbol }: TypeSymbol): Promise<string> {
    return (await this.#ask<string>("getDocumentationComment", { symbol })) ?? "";
  }

  async tags({ id: symbol }: TypeSymbol): Promise<DocTag[]> {
    return (await this.#ask<DocTag[]>("getJsDocTags", { symbol })) ?? [];
  }

  #ask<T>(method: string, params: object = {}): Promise<T | undefined> {
    return this.#process.ask<T | undefined>(method, { ...this.#about, ...params });
  }
}
