// What `import` and `require` mean in a cell. Packages and builtins come from Node, resolved from the notebook's folder upward;
// `cellwright` from there, else from the package this kernel belongs to; the notebook's own .ts files from local-modules.ts.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { LocalModules } from "./local-modules.ts";
import { nativeImporter } from "./native-import.ts";
import type { Sources } from "./sources.ts";

export type Namespace = Record<string, unknown>;

/** What a cell asks of a module: the export's name ("*" is all of them), and whether the cell uses it as a value. */
export type ImportRequest = readonly [name: string, used: boolean];

export interface Modules {
  import(specifier: string, options?: ImportCallOptions): Promise<Namespace>;
  /** @throws SyntaxError an export is missing that the cell uses as a value; an unused one may be a type */
  imports(specifier: string, requests: readonly ImportRequest[], options?: ImportCallOptions): Promise<unknown[]>;
  readonly require: NodeJS.Require;
  readonly meta: { url: string; dirname: string; filename: string; resolve(specifier: string): string };
}

export interface ModulesOptions {
  /** The notebook's folder. */
  folder: string;
  sources: Sources;
  /** Modules the host provides itself, by specifier. */
  provided?: ReadonlyMap<string, Namespace>;
}

export function createModules({ folder, sources, provided = new Map() }: ModulesOptions): Modules {
  const cell = join(folder, "cell");
  const load = (specifier: string, from: string, options?: ImportCallOptions): Promise<Namespace> => {
    const given = provided.get(specifier);
    if (given) return Promise.resolve(given);
    const path = locals.resolve(specifier, from);
    return path ? locals.import(path) : importNatively(specifier, from, options);
  };
  const locals = new LocalModules({ sources, folder, load });
  const request = (specifier: string, options?: ImportCallOptions) => load(specifier, cell, options);
  const require = requireFrom(cell, provided);
  return {
    import: request,
    imports: async (specifier, requests, options) => {
      const namespace = await request(specifier, options);
      const picked: unknown[] = [];
      for (const each of requests) picked.push(pick(namespace, specifier, each));
      return picked;
    },
    require,
    meta: {
      url: pathToFileURL(cell).href,
      dirname: folder,
      filename: cell,
      resolve: (specifier) => {
        const path = locals.resolve(specifier, cell) ?? require.resolve(specifier);
        return path.startsWith("/") ? pathToFileURL(path).href : path;
      },
    },
  };
}

const own = createRequire(import.meta.url);

async function importNatively(specifier: string, from: string, options?: ImportCallOptions): Promise<Namespace> {
  try {
    return await nativeImporter(from)(specifier, options);
  } catch (error) {
    if (!isMissing(error)) throw error;
    if (!isOwnName(specifier)) throw withAdvice(error, specifier, from);
    return await nativeImporter(from)(pathToFileURL(own.resolve(specifier)).href, options);
  }
}

function requireFrom(cell: string, provided: ReadonlyMap<string, Namespace>): NodeJS.Require {
  const near = createRequire(cell);
  const require = (specifier: string): unknown => {
    const given = provided.get(specifier);
    if (given) return given;
    try {
      return near(specifier);
    } catch (error) {
      if (!isMissing(error)) throw error;
      if (!isOwnName(specifier)) throw withAdvice(error, specifier, cell);
      return own(specifier);
    }
  };
  return Object.assign(require, near);
}

function isOwnName(specifier: string): boolean {
  return specifier === "cellwright" || specifier.startsWith("cellwright/");
}

function isMissing(error: unknown): error is Error & { code: string } {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}

/** A package that is not installed says how it is; one that a package misses says what Node says. */
function withAdvice(error: Error & { code: string }, specifier: string, from: string): Error {
  const [, name] = /^((?:@[^/]+\/)?[^@./][^/]*)/.exec(specifier) ?? [];
  const isThis =
    error.message.includes(`'${name}' imported from ${from}`) || error.message.includes(`'${specifier}'\n`);
  if (!name || name.includes(":") || !isThis) return error;
  const advice = `install it with "npm install ${name}" in ${projectOf(dirname(from))}`;
  return Object.assign(new Error(`Cannot find package '${name}': ${advice}`), { code: error.code });
}

/** The nearest folder that has a package.json, where npm would install. */
function projectOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, "package.json"))) return at;
    if (at === dirname(at)) return folder;
  }
}

function pick(namespace: Namespace, specifier: string, [name, used]: ImportRequest): unknown {
  if (name === "*") return namespace;
  if (name in namespace || !used) return namespace[name];
  const names = Object.keys(namespace).filter((each) => each !== "default");
  const found = names.length > 8 ? `${names.slice(0, 8).join(", ")} and ${names.length - 8} more` : names.join(", ");
  throw new SyntaxError(
    `Cannot import ${name} from ${JSON.stringify(specifier)}: found ${found || "no named exports"}`,
  );
}
