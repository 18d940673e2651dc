// Runs the built `cellwright` as its user would, in a home of its own.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root: string = fileURLToPath(new URL("../..", import.meta.url));
export const bin: string = join(root, "dist/server/cli/bin.js");

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command to its end; the environment carries no server or home of the machine's own. */
export function cellwright(
  args: readonly string[],
  { cwd = root, env = {} as Record<string, string> } = {},
): Promise<Finished> {
  return finished(process.execPath, [bin, ...args], { cwd, env });
}

export function finished(
  command: string,
  args: readonly string[],
  { cwd = root, env = {} as Record<string, string> } = {},
): Promise<Finished> {
  const child = spawn(command, args, {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** The machine's environment without settings that would reach a running server or a real home. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(CELLWRIGHT|MLFLOW|CHURN|VITEST|GITHUB)/.test(name)),
  );
}

/** A folder that is gone after the test that asked for it. */
export function temporaryFolder(prefix = "cellwright-"): { path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), prefix));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}
