// The kernel's settings. Nobody else in kernel/host reads the environment for them.
import { homedir } from "node:os";
import { join } from "node:path";
import { type Mode, modes } from "./mode.ts";

/**
 * @param args of the process, behind the connection file
 * @throws Error no such mode
 */
export function modeOf(args: readonly string[]): Mode {
  const at = args.indexOf("--mode");
  const named = at < 0 ? "check" : args[at + 1];
  const mode = modes.find((mode) => mode === named);
  if (!mode)
    throw new Error(`Cannot start kernel: found mode ${JSON.stringify(named)}, expected ${modes.join(" or ")}`);
  return mode;
}

/**
 * CELLWRIGHT_KERNEL_HISTORY: the file that keeps what was run; `off` keeps nothing. Default `kernel-history.ndjson` in
 * CELLWRIGHT_HOME, else in Jupyter's data folder.
 */
export function historyFile(env: NodeJS.ProcessEnv = process.env): { historyFile?: string } {
  const named = env["CELLWRIGHT_KERNEL_HISTORY"];
  if (named === "off") return {};
  return { historyFile: named || join(env["CELLWRIGHT_HOME"] || dataFolder(env), "kernel-history.ndjson") };
}

/** CELLWRIGHT_KERNEL_OUTPUT_MB: what one cell may print; more is dropped and counted. Default 50 */
export function outputLimitBytes(env: NodeJS.ProcessEnv = process.env): number {
  const megabytes = Number(env["CELLWRIGHT_KERNEL_OUTPUT_MB"] || 50);
  return (megabytes > 0 ? megabytes : 50) * 1e6;
}

/** CELLWRIGHT_KERNEL_MEMORY_MB: what a kernel's variables may take. Default: what Node allows on this machine. */
export function memoryFlags(env: NodeJS.ProcessEnv = process.env): string[] {
  const megabytes = Math.floor(Number(env["CELLWRIGHT_KERNEL_MEMORY_MB"]));
  return megabytes > 0 ? [`--max-old-space-size=${megabytes}`] : [];
}

/** https://docs.jupyter.org/en/latest/use/jupyter-directories.html */
function dataFolder(env: NodeJS.ProcessEnv): string {
  if (env["JUPYTER_DATA_DIR"]) return env["JUPYTER_DATA_DIR"];
  const home = env["HOME"] || homedir();
  if (process.platform === "darwin") return join(home, "Library/Jupyter");
  return join(env["XDG_DATA_HOME"] || join(home, ".local/share"), "jupyter");
}
