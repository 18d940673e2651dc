// The trial run: the replica host, in check mode and a process of its own, runs a build's cells once and prints one line of JSON.
// Which program that is, and its environment, are handed in.
import { spawn } from "node:child_process";
import type { CheckResult } from "../../lib/contract/build-manifest.ts";

export interface CheckOptions {
  /** The replica host's compiled entry. */
  readonly replicaEntry: string;
  readonly env: NodeJS.ProcessEnv;
  /** Default two minutes. */
  readonly timeoutMs?: number;
  /** Default 2 GB. */
  readonly memoryMb?: number;
  /** What the cells print. */
  readonly onOutput?: (text: string) => void;
}

/** Runs a build folder's cells once. Never rejects for what the cells do. */
export function checkBuild(buildFolder: string, options: CheckOptions): Promise<CheckResult> {
  const { replicaEntry, env, timeoutMs = 120_000, memoryMb = 2048, onOutput = () => {} } = options;
  return new Promise((resolve, reject) => {
    const args = [`--max-old-space-size=${memoryMb}`, replicaEntry, "--check", buildFolder];
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let answer = "";
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, timeoutMs);
    child.stdout.setEncoding("utf8").on("data", (text: string) => (answer += text));
    child.stderr.setEncoding("utf8").on("data", onOutput);
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      const problem = timedOut
        ? `the cells did not end within ${timeoutMs / 1000} s`
        : `the process that ran the cells ended with ${signal ?? `exit code ${code}`}`;
      resolve(readAnswer(answer) ?? { ok: false, error: { message: problem } });
    });
  });
}

/** The last line that is an answer: native code may have written to the same pipe. */
function readAnswer(output: string): CheckResult | undefined {
  for (const line of output.trimEnd().split("\n").reverse()) {
    try {
      const value = JSON.parse(line) as CheckResult;
      if (typeof value === "object" && value !== null && typeof value.ok === "boolean") return value;
    } catch {
      // not this line
    }
  }
  return undefined;
}
