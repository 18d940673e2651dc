// A kernel as a process of ours: started with a connection file of its own in a private folder, its last words kept, ended
// with everything it started. Knows no messages.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectionInfo, newConnection, writeConnectionFile } from "../protocol/connection-file.ts";
import type { LocalKernelspec } from "./kernelspecs.ts";

export interface KernelProcess {
  readonly connection: ConnectionInfo;
  /** Whether there is a process: its command may not exist. */
  readonly started: Promise<boolean>;
  /** Resolves with how it ended, in words, when it did. */
  readonly ended: Promise<string>;
  readonly hasEnded: boolean;
  /** What it last wrote to its error stream. */
  lastWords(): string;
  interrupt(): void;
  /** Ends it and what it started, now. */
  kill(): void;
  /** The kernel has read its file. */
  removeConnectionFile(): void;
}

export interface KernelProcessOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

const keptCharacters = 4000;

export async function startProcess(spec: LocalKernelspec, { cwd, env }: KernelProcessOptions): Promise<KernelProcess> {
  const connection = await newConnection({ kernelName: spec.name });
  const folder = mkdtempSync(join(tmpdir(), "cellwright-kernel-"));
  const file = join(folder, "connection.json");
  const removeConnectionFile = () => rmSync(folder, { recursive: true, force: true });
  writeConnectionFile(file, connection);
  const [command, ...args] = spec.argv.map((part) =>
    part.replace("{connection_file}", file).replace("{owner_pid}", String(process.pid)),
  );
  // A group of its own: a Ctrl-C in the terminal is ours to pass on, and what cells start ends with it.
  const owned = { ...env, ...spec.env, JPY_PARENT_PID: String(process.pid) }; // not that of a Jupyter we may run under ourselves
  const child = spawn(command!, args, { cwd, env: owned, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let words = "";
  let hasEnded = false;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      words = (words + text).slice(-keptCharacters);
    });
  const kill = () => killGroup(child);
  living.add(kill);
  const started = new Promise<boolean>((resolve) => {
    child.once("spawn", () => resolve(true));
    child.once("error", () => resolve(false));
  });
  const ended = new Promise<string>((resolve) => {
    const end = (how: string) => {
      hasEnded = true;
      kill();
      living.delete(kill);
      removeConnectionFile();
      resolve(how);
    };
    child.once("error", ({ message }) => end(`it could not be started (${message})`));
    child.once("close", (code, signal) => end(signal ? `it was ended by ${signal}` : `it ended with status ${code}`));
    child.once("exit", () => setTimeout(() => child.stdout.destroy(), 500).unref());
    child.once("exit", () => setTimeout(() => child.stderr.destroy(), 500).unref());
  });
  return {
    connection,
    started,
    ended,
    get hasEnded() {
      return hasEnded;
    },
    lastWords: () => words.trim(),
    interrupt: () => void signalGroup(child, "SIGINT"),
    kill,
    removeConnectionFile,
  };
}

/** Kernels to end with this process, however it exits; when it is killed they see it themselves. */
const living = new Set<() => void>();
process.on("exit", () => {
  for (const kill of living) kill();
});

function killGroup(child: ChildProcess): void {
  if (!signalGroup(child, "SIGKILL")) child.kill("SIGKILL");
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, signal);
  } catch {
    return false; // nobody is left in it
  }
}
