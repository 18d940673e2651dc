// The files TypeScript's language server is asked about: written, changed, gone, and a snapshot of them for each question. Knows no cells.
import { statSync } from "node:fs";
import { join } from "node:path";
import { type CompilerOptions, configText, findTsconfig } from "./config.ts";
import { libraryTypes } from "./library-types.ts";
import { createMirror, type Mirror } from "./mirror.ts";
import { TypeProcess } from "./type-process.ts";
import { type Snapshot, TypeQuestions } from "./type-questions.ts";

export interface TypeServerOptions {
  /** Of the notebook. */
  folder: string;
  /** Files it is asked about, by name, and what is in them at first. */
  roots: ReadonlyMap<string, string>;
}

interface Held {
  readonly snapshot: Snapshot;
  /** Its questions under way, and one for being the latest. */
  users: number;
}

const configName = "tsconfig.json";

export class TypeServer {
  readonly #process: TypeProcess;
  readonly #mirror: Mirror;
  /** Files written since the last question. */
  readonly #written = { changed: new Set<string>(), created: new Set<string>(), deleted: new Set<string>() };
  readonly #known = new Set<string>();
  /** Files of the user that it has read, with the time each was last changed. */
  readonly #seen = new Map<string, number>();
  #latest: Held;
  #updates: Promise<unknown> = Promise.resolve();

  private constructor(process: TypeProcess, mirror: Mirror, snapshot: Snapshot) {
    this.#process = process;
    this.#mirror = mirror;
    this.#latest = { snapshot, users: 1 };
  }

  /** @throws Error it could not be started */
  static async start({ folder, roots }: TypeServerOptions): Promise<TypeServer> {
    const mirror = createMirror(folder);
    let process: TypeProcess | undefined;
    try {
      process = await TypeProcess.start(mirror.folder);
      await process.ask("initialize", null);
      const base = await readBase(process, folder);
      mirror.write(configName, configText({ files: [...roots.keys()], root: mirror.root, folder, ...base }));
      for (const [name, text] of roots) mirror.write(name, text);
      const openProjects = [join(mirror.folder, configName)];
      const server = new TypeServer(process, mirror, await process.ask("updateSnapshot", { openProjects }));
      for (const name of roots.keys()) server.#known.add(name);
      return server;
    } catch (error) {
      mirror.close();
      process?.kill();
      throw error;
    }
  }

  path(name: string): string {
    return join(this.#mirror.folder, name);
  }

  write(name: string, text: string): void {
    this.#mirror.write(name, text);
    this.#written[this.#known.has(name) ? "changed" : "created"].add(this.path(name));
    this.#known.add(name);
  }

  remove(name: string): void {
    if (!this.#known.delete(name)) return;
    this.#mirror.remove(name);
    this.#written.deleted.add(this.path(name));
  }

  /**
   * Asks about all files as they are now.
   *
   * @param anew what could not be found before may be there by now
   */
  async ask<T>(question: (asking: TypeQuestions) => Promise<T>, { anew = false } = {}): Promise<T> {
    const update = this.#updates.then(() => this.#update(anew));
    this.#updates = update.catch(() => {}); // told to who asked
    const held = await update;
    try {
      return await question(new TypeQuestions(this.#process, held.snapshot));
    } finally {
      this.#release(held);
    }
  }

  /** Finds out which files of the user it reads by now: they are looked at before each question. */
  async noteFiles(asking: TypeQuestions): Promise<void> {
    for (const path of await asking.sourceFileNames()) {
      const own = path.startsWith(this.#mirror.root) || path.includes("/node_modules/") || path.startsWith("bundled:");
      if (!own && !this.#seen.has(path)) this.#seen.set(path, changedAt(path) ?? 0);
    }
  }

  /** Names of types that TypeScript's own library declares, as far as the project has it. */
  async libraryTypes(asking: TypeQuestions): Promise<string[]> {
    return libraryTypes(await asking.sourceFileNames(), this.#process.library);
  }

  close(): void {
    this.#mirror.close();
    this.#process.kill();
  }

  async #update(anew: boolean): Promise<Held> {
    this.#noteDisk();
    const { changed, created, deleted } = this.#written;
    const named = { changed: [...changed], created: [...created], deleted: [...deleted] };
    for (const paths of [changed, created, deleted]) paths.clear();
    const fileChanges = anew ? { invalidateAll: true as const } : named;
    const snapshot = await this.#process.ask<Snapshot>("updateSnapshot", { fileChanges });
    this.#release(this.#latest);
    this.#latest = { snapshot, users: 2 };
    return this.#latest;
  }

  #release(held: Held): void {
    if (--held.users > 0) return;
    void this.#process.ask("release", { snapshot: held.snapshot.snapshot }).catch(() => {}); // the process has ended
  }

  #noteDisk(): void {
    for (const [path, before] of this.#seen) {
      const now = changedAt(path);
      if (now === before) continue;
      this.#written[now === undefined ? "deleted" : "changed"].add(path);
      if (now === undefined) this.#seen.delete(path);
      else this.#seen.set(path, now);
    }
  }
}

/** The project's tsconfig.json with its options as resolved. */
async function readBase(process: TypeProcess, folder: string) {
  const path = findTsconfig(folder);
  if (path === undefined) return {};
  const { options } = await process.ask<{ options: CompilerOptions }>("parseConfigFile", { file: path });
  return { base: { path, options } };
}

function changedAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
