// TypeScript's own language server as a process beside the kernel, and the files it is asked about. Knows no cells.
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import type { API, Project, Snapshot } from "typescript7/unstable/async";
import { type CompilerOptions, configText, findTsconfig } from "./config.ts";
import { createMirror, type Mirror } from "./mirror.ts";

export type { Project };

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

interface Started {
  /** Rejects when the process ends. */
  readonly ended: Promise<never>;
  readonly kill: () => void;
  readonly snapshot: Snapshot;
}

const configName = "tsconfig.json";

export class TypeServerEnded extends Error {
  override name = "TypeServerEnded";
}

export class TypeServer {
  readonly #api: API;
  readonly #mirror: Mirror;
  readonly #ended: Promise<never>;
  readonly #kill: () => void;
  /** Files written since the last question. */
  readonly #written = { changed: new Set<string>(), created: new Set<string>(), deleted: new Set<string>() };
  readonly #known = new Set<string>();
  /** Files of the user that it has read, with the time each was last changed. */
  readonly #seen = new Map<string, number>();
  #latest: Held;
  #updates: Promise<unknown> = Promise.resolve();

  private constructor(api: API, mirror: Mirror, { ended, kill, snapshot }: Started) {
    this.#api = api;
    this.#mirror = mirror;
    this.#ended = ended;
    this.#kill = kill;
    this.#latest = { snapshot, users: 1 };
  }

  /** @throws Error it could not be started */
  static async start({ folder, roots }: TypeServerOptions): Promise<TypeServer> {
    const { API } = await import("typescript7/unstable/async");
    const mirror = createMirror(folder);
    const api = new API({ cwd: mirror.folder });
    let stop = (): void => {};
    try {
      const { ended, kill } = await watchEnd(api);
      stop = kill;
      const path = findTsconfig(folder);
      const parsed = path === undefined ? undefined : await Promise.race([api.parseConfigFile(path), ended]);
      const base = path === undefined || !parsed ? {} : { base: { path, options: parsed.options as CompilerOptions } };
      mirror.write(configName, configText({ files: [...roots.keys()], root: mirror.root, folder, ...base }));
      for (const [name, text] of roots) mirror.write(name, text);
      const openProjects = [join(mirror.folder, configName)];
      const snapshot = await Promise.race([api.updateSnapshot({ openProjects }), ended]);
      const server = new TypeServer(api, mirror, { ended, kill, snapshot });
      for (const name of roots.keys()) server.#known.add(name);
      return server;
    } catch (error) {
      mirror.close();
      stop();
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
  async ask<T>(question: (project: Project) => Promise<T>, { anew = false } = {}): Promise<T> {
    const update = this.#updates.then(() => this.#update(anew));
    this.#updates = update.catch(() => {}); // told to who asked
    const held = await update;
    try {
      return await Promise.race([question(projectOf(held.snapshot)), this.#ended]);
    } finally {
      this.#release(held);
    }
  }

  /** Finds out which files of the user it reads by now: they are looked at before each question. */
  async noteFiles({ program }: Project): Promise<void> {
    for (const path of await program.getSourceFileNames()) {
      const own = path.startsWith(this.#mirror.root) || path.includes("/node_modules/") || path.startsWith("bundled:");
      if (!own && !this.#seen.has(path)) this.#seen.set(path, changedAt(path) ?? 0);
    }
  }

  /** Ends the process: its client's own way writes to what is closed. */
  close(): void {
    this.#mirror.close();
    this.#kill();
  }

  async #update(anew: boolean): Promise<Held> {
    this.#noteDisk();
    const { changed, created, deleted } = this.#written;
    const named = { changed: [...changed], created: [...created], deleted: [...deleted] };
    for (const paths of [changed, created, deleted]) paths.clear();
    const fileChanges = anew ? { invalidateAll: true as const } : named;
    const snapshot = await Promise.race([this.#api.updateSnapshot({ fileChanges }), this.#ended]);
    this.#release(this.#latest);
    this.#latest = { snapshot, users: 2 };
    return this.#latest;
  }

  #release(held: Held): void {
    if (--held.users === 0) void held.snapshot.dispose().catch(() => {}); // the process has ended
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

function projectOf(snapshot: Snapshot): Project {
  const [project] = snapshot.getProjects();
  if (!project) throw new Error("Cannot check types: found no project, expected one");
  return project;
}

/** The client tells nobody when its process ends; whoever waits for an answer would wait for good. */
async function watchEnd(api: API): Promise<Omit<Started, "snapshot">> {
  const { client } = api as unknown as { client: { connect(): Promise<void>; process?: ServerProcess } };
  await client.connect();
  const { process: server } = client;
  if (!server) throw new Error("Cannot check types: found no process, expected one");
  server.unref();
  const ended = new Promise<never>((_, reject) => {
    server.once("exit", (code, signal) => {
      reject(new TypeServerEnded(`The process that checks types ended (${signal ?? `exit code ${code}`})`));
    });
  });
  ended.catch(() => {}); // told to whoever waits then
  forgiveWrites(server.stdin);
  return { ended, kill: () => server.kill("SIGKILL") };
}

interface ServerProcess {
  readonly stdin: Writable;
  unref(): void;
  kill(signal: "SIGKILL"): void;
  once(event: "exit", listener: (code: number | null, signal: string | null) => void): void;
}

/**
 * What is written to a process that has ended is lost, and its end is told by `ended`. The client would throw it where nobody can
 * catch it, and end the kernel. It writes a message in two parts, the second when the first is out: here both go at once.
 */
function forgiveWrites(stdin: Writable): void {
  const write = stdin.write.bind(stdin) as (chunk: Uint8Array, done: () => void) => boolean;
  let head: Uint8Array = Buffer.alloc(0);
  stdin.on("error", () => {});
  stdin.write = ((chunk: string | Uint8Array, ...rest: [() => void] | [BufferEncoding, () => void]): boolean => {
    const done = rest.at(-1) as () => void;
    if (!stdin.writable) done();
    else if (typeof chunk === "string" && chunk.startsWith("Content-Length:")) {
      head = Buffer.from(chunk);
      done();
    } else {
      const message = Buffer.concat([head, typeof chunk === "string" ? Buffer.from(chunk) : chunk]);
      head = Buffer.alloc(0);
      return write(message, () => done());
    }
    return true;
  }) as typeof stdin.write;
}

function changedAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
