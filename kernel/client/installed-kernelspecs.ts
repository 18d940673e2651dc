// Kernels of others that are installed on the machine, read as Jupyter reads them: a folder with a kernel.json each.
// https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { LocalKernelspec } from "./kernelspecs.ts";

export interface InstalledKernelspec extends LocalKernelspec {
  /** Its kernel.json's, with its marks beside it. */
  readonly folder: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface InstalledOptions {
  /** Jupyter's data folders; of two kernels with one name the first counts. */
  readonly folders: readonly string[];
  /** What `${NAME}` in a kernel's environment stands for. */
  readonly env: NodeJS.ProcessEnv;
  /** One that cannot be read is passed over; why is said here, in a sentence. */
  readonly onProblem?: (problem: string) => void;
}

export function installedKernelspecs({ folders, env, onProblem }: InstalledOptions): InstalledKernelspec[] {
  const found = new Map<string, InstalledKernelspec>();
  for (const folder of folders.flatMap((data) => kernelFolders(join(data, "kernels")))) {
    const name = basename(folder).toLowerCase();
    if (found.has(name)) continue;
    try {
      found.set(name, readKernelspec(name, folder, env));
    } catch (error) {
      onProblem?.(`Cannot use kernel ${folder}: ${(error as Error).message}`);
    }
  }
  return [...found.values()];
}

function kernelFolders(kernels: string): string[] {
  if (!statSync(kernels, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(kernels)
    .filter((name) => /^[\w.-]+$/.test(name))
    .sort()
    .map((name) => join(kernels, name))
    .filter((folder) => existsSync(join(folder, "kernel.json")));
}

/** @throws Error it is not what a kernel.json holds */
function readKernelspec(name: string, folder: string, env: NodeJS.ProcessEnv): InstalledKernelspec {
  const spec: unknown = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8"));
  if (!isObject(spec)) throw new Error("found no JSON object in kernel.json, expected one");
  const { argv, display_name: displayName, language, interrupt_mode: interrupt = "signal" } = spec;
  if (!isTexts(argv) || argv.length === 0) throw complaint("argv", argv, "a command and its arguments");
  if (typeof displayName !== "string") throw complaint("display_name", displayName, "a text");
  if (typeof language !== "string") throw complaint("language", language, "a text");
  if (interrupt !== "signal" && interrupt !== "message")
    throw complaint("interrupt_mode", interrupt, '"signal" or "message"');
  const { env: variables = {}, metadata = {} } = spec;
  if (!isObject(variables) || !isTexts(Object.values(variables))) throw complaint("env", variables, "texts by name");
  const prefix = dirname(dirname(dirname(dirname(folder))));
  return {
    name,
    folder,
    displayName,
    language,
    argv: commandOf(argv, prefix).map((part) =>
      part.replaceAll("{resource_dir}", folder).replaceAll("{prefix}", prefix),
    ),
    interrupt,
    env: Object.fromEntries(
      Object.entries(variables as Record<string, string>).map(([key, text]) => [key, filled(text, env)]),
    ),
    metadata: isObject(metadata) ? metadata : {},
    cwd: "notebook",
    tslab: argv.some((part) => /^tslab(\.js)?$/.test(basename(part))),
  };
}

/** A bare `python` of an environment's kernel is that environment's. */
function commandOf([command, ...args]: readonly string[], prefix: string): string[] {
  const own = join(prefix, "bin", command!);
  return [!command!.includes("/") && existsSync(own) ? own : command!, ...args];
}

function filled(text: string, env: NodeJS.ProcessEnv): string {
  return text.replace(/\$\{(\w+)\}/g, (whole, name: string) => env[name] ?? whole);
}

function complaint(key: string, found: unknown, expected: string): Error {
  return new Error(`found ${key} ${JSON.stringify(found) ?? "missing"}, expected ${expected}`);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((part) => typeof part === "string");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
