// The kinds of kernels that can be started here: those that come along, and after them what is installed on the machine.
import { existsSync, readdirSync } from "node:fs";
import { join, parse as parsePath } from "node:path";
import { dataFolders } from "../../../kernel/client/data-folders.ts";
import { type InstalledKernelspec, installedKernelspecs } from "../../../kernel/client/installed-kernelspecs.ts";
import {
  findKernelspec,
  type KernelName,
  kernelNames,
  type LocalKernelspec,
} from "../../../kernel/client/kernelspecs.ts";
import { kernelLogos } from "../../../kernel/client/logos.ts";
import { quote } from "../../../lib/core/check.ts";
import { NotFoundError } from "../../errors.ts";

export interface Kernelspecs {
  /** Keys as the API names them. */
  models(): Record<string, object>;
  /** @throws NotFoundError there is none of this name */
  model(name: string): object;
  /** @throws NotFoundError there is none of this name */
  find(name: string): LocalKernelspec;
  /** One of its marks: the text of ours, or where another's lies. @throws NotFoundError there is none of this name */
  logo(name: string, file: string): { readonly svg: string } | { readonly path: string };
}

export interface KernelspecsParts {
  /** Says where Jupyter's folders are. */
  readonly env: NodeJS.ProcessEnv;
  /** Told of a kernel that cannot be used, whenever it is come upon. */
  readonly onProblem: (problem: string) => void;
}

export const defaultKernel: KernelName = "cellwright";
const ownLogo = "logo-svg.svg";

export function createKernelspecs({ env, onProblem }: KernelspecsParts): Kernelspecs {
  const installed = (): InstalledKernelspec[] =>
    installedKernelspecs({ folders: dataFolders(env), env, onProblem }).filter(({ name }) => !isOwn(name));

  function find(named: string): LocalKernelspec | InstalledKernelspec {
    const name = named.toLowerCase();
    const found = isOwn(name) ? findKernelspec(name) : installed().find((spec) => spec.name === name);
    if (found) return found;
    const names = [...kernelNames, ...installed().map((spec) => spec.name)];
    throw new NotFoundError(`Cannot find kernel ${quote(name)}: expected ${names.join(", ")}`);
  }

  return {
    find,
    models: () =>
      Object.fromEntries(
        [...kernelNames.map(findKernelspec), ...installed()].map((spec) => [spec.name, modelOf(spec)]),
      ),
    model: (name) => modelOf(find(name)),
    logo(name, file) {
      const spec = find(name);
      const found = logosOf(spec).includes(file);
      if (!found) throw new NotFoundError(`Cannot find ${quote(file)} of kernel ${name}`);
      return "folder" in spec ? { path: join(spec.folder, file) } : { svg: kernelLogos[name as KernelName] };
    },
  };
}

function isOwn(name: string): name is KernelName {
  return (kernelNames as readonly string[]).includes(name);
}

function logosOf(spec: LocalKernelspec | InstalledKernelspec): string[] {
  if (!("folder" in spec)) return [ownLogo];
  return existsSync(spec.folder)
    ? readdirSync(spec.folder).filter((file) => /^logo-.*\.(svg|png|jpe?g)$/.test(file))
    : [];
}

function modelOf(spec: LocalKernelspec | InstalledKernelspec): object {
  const { name, argv, displayName, language, interrupt, env = {}, tslab } = spec;
  const metadata = "folder" in spec ? spec.metadata : { debugger: !tslab };
  const resources = logosOf(spec).map((file) => [parsePath(file).name, `/kernelspecs/${name}/${file}`]);
  return {
    name,
    spec: { argv, display_name: displayName, language, interrupt_mode: interrupt, env, metadata },
    resources: Object.fromEntries(resources),
  };
}
