// A shell behind a pseudo-terminal. Its package brings a binary for most systems and compiles nothing: where there is none, Lab has
// no terminals and everything else.
import { createRequire } from "node:module";

export interface PseudoTerminal {
  readonly pid: number;
  onData(take: (text: string) => void): unknown;
  onExit(take: (how: { readonly exitCode: number }) => void): unknown;
  write(text: string): void;
  resize(columns: number, rows: number): void;
  kill(signal?: string): void;
}

/** The part that is used of the package's own interface. */
interface PtyPackage {
  spawn(file: string, args: readonly string[], options: object): PseudoTerminal;
}

const require = createRequire(import.meta.url);
const binary = `@lydell/node-pty-${process.platform}-${process.arch}`;

export function canOpenTerminals(): boolean {
  try {
    require.resolve(`${binary}/package.json`);
    return true;
  } catch {
    return false;
  }
}

/** @throws Error the system has no pseudo-terminal to give */
export function openPseudoTerminal({ cwd, env }: { cwd: string; env: NodeJS.ProcessEnv }): PseudoTerminal {
  const { spawn } = require("@lydell/node-pty") as PtyPackage;
  const [shell, ...args] = shellOf(env);
  return spawn(shell!, args, { name: "xterm-256color", cols: 80, rows: 24, cwd, env });
}

function shellOf(env: NodeJS.ProcessEnv): string[] {
  if (process.platform === "win32") return ["powershell.exe"];
  return [env["SHELL"] || "/bin/sh", "-l"];
}
