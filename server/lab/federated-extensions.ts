// Prebuilt extensions: each a container of modules, made by anybody's webpack, that is handed the page's own packages and gives its
// plugins. What a container asks of its host is webpack's protocol. https://webpack.js.org/concepts/module-federation/
import { PageConfig } from "@jupyterlab/coreutils";

/** As the server writes it into the page: package.json's `jupyterlab._build`, with the package's name. */
interface FederatedExtension {
  readonly name: string;
  readonly load: string;
  readonly extension?: string;
  readonly mimeExtension?: string;
  readonly style?: string;
}

type Factory = () => unknown;

interface Container {
  init(scope: ShareScope): unknown;
  get(module: string): Promise<Factory>;
}

interface ShareScope {
  [name: string]: { [version: string]: { get(): Promise<Factory>; from: string; loaded: 1; eager: boolean } };
}

/** One of the page's packages. */
export interface SharedModule {
  readonly version: string;
  load(): Promise<unknown>;
}

export interface FederatedExtensions extends FederatedPlugins {
  /** Of the packages, also of those that do not load. */
  readonly names: readonly string[];
}

interface FederatedPlugins {
  readonly plugins: unknown[];
  readonly renderers: unknown[];
}

/** One that does not load is told of in the console, and the others are there. */
export async function loadFederated(shared: Readonly<Record<string, SharedModule>>): Promise<FederatedExtensions> {
  const extensions = JSON.parse(PageConfig.getOption("federated_extensions") || "[]") as FederatedExtension[];
  if (extensions.length === 0) return { names: [], plugins: [], renderers: [] };
  const scope = scopeOf(shared);
  const loaded = await Promise.allSettled(extensions.map((extension) => loadExtension(extension, scope)));
  for (const [i, each] of loaded.entries())
    if (each.status === "rejected") console.error(`The extension ${extensions[i]!.name} does not load.`, each.reason);
  const found = loaded.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  return {
    names: extensions.map(({ name }) => name),
    plugins: found.flatMap(({ plugins }) => plugins),
    renderers: found.flatMap(({ renderers }) => renderers),
  };
}

function scopeOf(shared: Readonly<Record<string, SharedModule>>): ShareScope {
  const entries = Object.entries(shared).map(([name, { version, load }]) => {
    const get = async (): Promise<Factory> => {
      const module = await load();
      return () => module;
    };
    return [name, { [version]: { get, from: "cellwright", loaded: 1, eager: true } }] as const;
  });
  return Object.fromEntries(entries);
}

async function loadExtension(
  { name, load, extension, mimeExtension, style }: FederatedExtension,
  scope: ShareScope,
): Promise<FederatedPlugins> {
  await loadScript(`${PageConfig.getOption("fullLabextensionsUrl")}/${name}/${load}`);
  const container = (window as unknown as { _JUPYTERLAB?: Record<string, Container> })._JUPYTERLAB?.[name];
  if (!container) throw new Error(`found no container of this name in ${load}`);
  await container.init(scope);
  const moduleOf = async (path: string): Promise<unknown> => (await container.get(path))();
  if (style) await moduleOf(style);
  return {
    plugins: extension ? exportsOf(await moduleOf(extension)) : [],
    renderers: mimeExtension ? exportsOf(await moduleOf(mimeExtension)) : [],
  };
}

function loadScript(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`found no script at ${url}`));
    script.src = url;
    document.head.append(script);
  });
}

/** A module's default, or a CommonJS module itself; one plugin or several. */
function exportsOf(module: unknown): unknown[] {
  const { __esModule: isModule, default: exported } = module as { __esModule?: boolean; default?: unknown };
  return [isModule ? exported : module].flat();
}
