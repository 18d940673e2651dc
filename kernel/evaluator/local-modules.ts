// The notebook's own .ts and .json files as modules. An edited file is read anew on the next import, and so is every local file
// that imports it; what did not change keeps its state. Needs node --experimental-vm-modules.
import { readFileSync, statSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Module, SourceTextModule, SyntheticModule } from "node:vm";
import { lowerSyntax } from "./lower-syntax.ts";
import type { Namespace } from "./modules.ts";
import type { Sources } from "./sources.ts";
import { SourceSyntaxError, type Transpiled, transpile } from "./transpile.ts";

export interface LocalModulesOptions {
  sources: Sources;
  /** Files below it are named by their path from it. */
  folder: string;
  /** Loads what a local file imports, packages too. */
  load(specifier: string, from: string, options?: ImportCallOptions): Promise<Namespace>;
}

interface LocalFile {
  readonly path: string;
  readonly stamp: string;
  readonly module: Module;
  /** Local files it imports, by specifier. */
  readonly imports: Map<string, string>;
  evaluation?: Promise<unknown>;
}

const owned = new Set([".ts", ".mts", ".json"]);
const candidates = ["", ".ts", ".mts", ".js", ".mjs", ".cjs", ".json", "/index.ts", "/index.js"];

export class LocalModules {
  readonly #options: LocalModulesOptions;
  readonly #files = new Map<string, LocalFile>();
  readonly #foreign = new WeakMap<Namespace, Module>();
  #loads = 0;
  #linking: Promise<unknown> = Promise.resolve();

  constructor(options: LocalModulesOptions) {
    this.#options = options;
  }

  /** The path of a file that is loaded here; undefined for all that Node loads: packages, builtins, JavaScript. */
  resolve(specifier: string, from: string): string | undefined {
    if (!/^(\.\.?(\/|$)|\/|file:)/.test(specifier)) return undefined;
    const wanted = specifier.startsWith("file:") ? fileURLToPath(specifier) : resolve(dirname(from), specifier);
    const found = candidates.map((ending) => wanted + ending).find(isFile) ?? typescriptOf(wanted);
    if (!found) throw missingFile(specifier, from);
    return owned.has(extname(found)) ? found : undefined;
  }

  async import(path: string): Promise<Namespace> {
    const linked = this.#linking.then(() => this.#link(path));
    this.#linking = linked.catch(() => {});
    const file = await linked;
    file.evaluation ??= file.module.evaluate();
    try {
      await file.evaluation;
    } catch (error) {
      this.#files.delete(path);
      throw error;
    }
    return file.module.namespace as Namespace;
  }

  async #link(path: string): Promise<LocalFile> {
    this.#forgetChanged(path);
    const file = this.#open(path);
    if (file.module.status === "unlinked") {
      try {
        await file.module.link((specifier, importer) => this.#linked(specifier, pathOf(importer)));
      } catch (error) {
        for (const [path, { module }] of this.#files) if (module.status !== "evaluated") this.#files.delete(path);
        throw error;
      }
    }
    return file;
  }

  /** Drops what changed on disk below a file, and all that leads there. */
  #forgetChanged(path: string): void {
    const changed = new Set<string>();
    const seen = new Set<string>();
    const visit = (path: string): void => {
      const file = this.#files.get(path);
      if (!file || seen.has(path)) return;
      seen.add(path);
      if (stampOf(path) !== file.stamp || file.module.status === "errored") changed.add(path);
      for (const next of file.imports.values()) visit(next);
    };
    visit(path);
    for (let size = -1; size !== changed.size; ) {
      size = changed.size;
      for (const each of seen)
        if ([...this.#files.get(each)!.imports.values()].some((next) => changed.has(next))) changed.add(each);
    }
    for (const each of changed) this.#files.delete(each);
  }

  async #linked(specifier: string, from: string): Promise<Module> {
    const path = this.resolve(specifier, from);
    if (!path) return this.#wrap(await this.#options.load(specifier, from));
    this.#files.get(from)?.imports.set(specifier, path);
    return this.#open(path).module;
  }

  #open(path: string): LocalFile {
    const known = this.#files.get(path);
    if (known) return known;
    const stamp = stampOf(path);
    const module = extname(path) === ".json" ? readJson(path) : this.#compile(path);
    const file: LocalFile = { path, stamp, module, imports: new Map() };
    this.#files.set(path, file);
    return file;
  }

  #compile(path: string): Module {
    const text = readFileSync(path, "utf8");
    const label = labelOf(path, this.#options.folder);
    const identifier = `${pathToFileURL(path).href}?load=${++this.#loads}`;
    const { js, toSource } = transpileFile(text, label, dirname(path));
    this.#options.sources.add(identifier, { label, text, locate: toSource });
    return new SourceTextModule(js, {
      identifier,
      initializeImportMeta: (meta) => {
        Object.assign(meta, { url: pathToFileURL(path).href, dirname: dirname(path), filename: path });
      },
      importModuleDynamically: ((specifier: string) => this.#options.load(specifier, path)) as never,
    });
  }

  /** Another loader's module, with the values it has now. */
  #wrap(namespace: Namespace): Module {
    const known = this.#foreign.get(namespace);
    if (known) return known;
    const names = Object.keys(namespace);
    const module = new SyntheticModule(names, () => {
      for (const name of names) module.setExport(name, namespace[name]);
    });
    this.#foreign.set(namespace, module);
    return module;
  }
}

function transpileFile(text: string, label: string, folder: string): Transpiled {
  try {
    const plain = transpile(text, { elideImports: true });
    return lowerSyntax(text, { folder, kind: "file" }) ?? plain;
  } catch (error) {
    if (!(error instanceof SourceSyntaxError)) throw error;
    const { line, column } = error.position;
    throw new SyntaxError(`${error.message} (${label}:${line}:${column})`);
  }
}

function readJson(path: string): Module {
  const value: unknown = JSON.parse(readFileSync(path, "utf8"));
  const module = new SyntheticModule(["default"], () => module.setExport("default", value), {
    identifier: pathToFileURL(path).href,
  });
  return module;
}

function pathOf(module: Module): string {
  return fileURLToPath(module.identifier.replace(/\?load=\d+$/, ""));
}

function labelOf(path: string, folder: string): string {
  return path.startsWith(`${folder}/`) ? `./${path.slice(folder.length + 1)}` : path;
}

/** TypeScript names a file by what it compiles to: `./foo.js` may be foo.ts. */
function typescriptOf(path: string): string | undefined {
  const guess = path.replace(/\.(m?)js$/, ".$1ts");
  return guess !== path && isFile(guess) ? guess : undefined;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function stampOf(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.mtimeNs} ${stat.size} ${stat.ino}` : "gone";
}

function missingFile(specifier: string, from: string): Error {
  const error = new Error(`Cannot find module '${specifier}' imported from ${dirname(from)}`);
  return Object.assign(error, { code: "ERR_MODULE_NOT_FOUND" });
}
