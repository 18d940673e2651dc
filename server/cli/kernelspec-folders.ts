// Jupyter's data folders and the kernelspecs in them. https://docs.jupyter.org/en/latest/use/jupyter-directories.html
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { findKernelspec } from "../../kernel/client/kernelspecs.ts";
import { kernelLogos } from "../../kernel/client/logos.ts";

export interface InstalledKernel {
  readonly name: string;
  readonly displayName: string;
  readonly language: string;
  readonly folder: string;
  readonly argv: readonly string[];
}

/** Where kernelspecs of this user go, or those below a prefix. */
export function userDataFolder(prefix?: string, env: NodeJS.ProcessEnv = process.env): string {
  if (prefix !== undefined) return join(resolve(prefix), "share/jupyter");
  const named = env["JUPYTER_DATA_DIR"];
  if (named) return resolve(named);
  const home = env["HOME"] || homedir();
  if (process.platform === "darwin") return join(home, "Library/Jupyter");
  return join(env["XDG_DATA_HOME"] || join(home, ".local/share"), "jupyter");
}

/** The kernels other Jupyters get: types first, and run at once. */
const offered = ["cellwright", "cellwright-run"] as const;

export interface KernelFolder {
  readonly name: string;
  readonly folder: string;
}

/** What stood in the folders is replaced. */
export function installKernels(dataFolder: string): KernelFolder[] {
  return offered.map((name) => {
    const { displayName, language, argv } = findKernelspec(name);
    const folder = join(dataFolder, "kernels", name);
    const spec = {
      argv,
      display_name: displayName,
      language,
      interrupt_mode: "message",
      metadata: { debugger: true },
    };
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "kernel.json"), `${JSON.stringify(spec, null, 1)}\n`);
    writeFileSync(join(folder, "logo-svg.svg"), kernelLogos[name]);
    return { name, folder };
  });
}

/** @returns the folders that are gone */
export function uninstallKernels(dataFolder: string): KernelFolder[] {
  const found = offered
    .map((name) => ({ name, folder: join(dataFolder, "kernels", name) }))
    .filter(({ folder }) => existsSync(folder));
  for (const { folder } of found) rmSync(folder, { recursive: true, force: true });
  return found;
}

/** What Jupyter finds, in its order; of two with one name the first counts. */
export function installedKernels(only?: string, env: NodeJS.ProcessEnv = process.env): InstalledKernel[] {
  const found = new Map<string, InstalledKernel>();
  for (const data of only === undefined ? dataFolders(env) : [only])
    for (const kernel of kernelsIn(join(data, "kernels"))) if (!found.has(kernel.name)) found.set(kernel.name, kernel);
  return [...found.values()];
}

function dataFolders(env: NodeJS.ProcessEnv): string[] {
  const named = (env["JUPYTER_PATH"] ?? "").split(delimiter).filter(Boolean);
  const prefix = env["VIRTUAL_ENV"] || env["CONDA_PREFIX"];
  const environment = prefix ? [join(prefix, "share/jupyter")] : [];
  return [...named, userDataFolder(undefined, env), ...environment, "/usr/local/share/jupyter", "/usr/share/jupyter"];
}

function kernelsIn(folder: string): InstalledKernel[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const spec = readSpec(join(folder, name, "kernel.json"));
      if (!spec) return [];
      const { argv = [], display_name: displayName = name, language = "" } = spec;
      return [{ name, displayName, language, folder: join(folder, name), argv }];
    });
}

function readSpec(path: string): { argv?: string[]; display_name?: string; language?: string } | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as object;
  } catch {
    return undefined; // no kernelspec, or a broken one: Jupyter passes over it too
  }
}
