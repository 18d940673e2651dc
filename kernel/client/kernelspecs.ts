// The kernels that come along: how each is started, and what is peculiar about it. Resolved from this package's own place, so
// that an installed package finds them as a checkout does.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface LocalKernelspec {
  readonly name: string;
  readonly displayName: string;
  readonly language: string;
  /** `{connection_file}` stands for the file's path, `{owner_pid}` for the process that starts it. */
  readonly argv: readonly string[];
  readonly interrupt: "message" | "signal";
  /** What its process is told besides. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whose working directory: the notebook's folder or the project's. */
  readonly cwd: "notebook" | "project";
  /** Speaks stock tslab's dialect, which is put right on arrival. */
  readonly tslab: boolean;
}

export type KernelName = "cellwright" | "cellwright-run" | "tslab";
export const kernelNames: readonly KernelName[] = ["cellwright", "cellwright-run", "tslab"];

export function findKernelspec(name: string): LocalKernelspec {
  if (name === "cellwright") return cellwright("cellwright", "TypeScript (Cellwright)", "check");
  if (name === "cellwright-run") return cellwright("cellwright-run", "TypeScript (Cellwright, run at once)", "run");
  if (name === "tslab") return tslab();
  throw new RangeError(
    `Cannot find kernel ${JSON.stringify(name)}: found no such one, expected ${kernelNames.join(", ")}`,
  );
}

/** @param mode types first, or run at once and types after */
function cellwright(name: string, displayName: string, mode: "check" | "run"): LocalKernelspec {
  const main = join(packageFolder(), "dist/kernel/host/main.js");
  return {
    name,
    displayName,
    language: "typescript",
    argv: [process.execPath, main, "{connection_file}", "--mode", mode],
    interrupt: "message",
    cwd: "notebook",
    tslab: false,
  };
}

/** Stock tslab; it would outlive a killed owner, so it is started beside a thread that watches. */
function tslab(): LocalKernelspec {
  const folder = dirname(resolve("tslab/package.json"));
  return {
    name: "tslab",
    displayName: "TypeScript (tslab)",
    language: "typescript",
    argv: [
      process.execPath,
      join(packageFolder(), "dist/kernel/client/end-with-owner.js"),
      "{owner_pid}",
      join(folder, "bin/tslab"),
      "kernel",
      "--config-path",
      "{connection_file}",
    ],
    interrupt: "signal",
    cwd: "project",
    tslab: true,
  };
}

/** This package's root, whether its sources run or its dist, here or as somebody's dependency. */
function packageFolder(): string {
  return dirname(resolve("cellwright/package.json"));
}

function resolve(specifier: string): string {
  return createRequire(fileURLToPath(import.meta.url)).resolve(specifier);
}
