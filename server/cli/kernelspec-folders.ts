// Our kernelspecs in Jupyter's data folders, beside those of others.
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dataFolders } from "../../kernel/client/data-folders.ts";
import { type InstalledKernelspec, installedKernelspecs } from "../../kernel/client/installed-kernelspecs.ts";
import { findKernelspec } from "../../kernel/client/kernelspecs.ts";
import { kernelLogos } from "../../kernel/client/logos.ts";

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

/** What Jupyter finds, in its order. */
export function installedKernels(only?: string, env: NodeJS.ProcessEnv = process.env): InstalledKernelspec[] {
  return installedKernelspecs({ folders: only === undefined ? dataFolders(env) : [only], env });
}
