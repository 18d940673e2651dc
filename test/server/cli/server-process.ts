// The built server as a process of its own, as its user starts it, on a free port.
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bin, cleanEnvironment } from "../../support/cli.ts";

export interface ServerProcess {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  /** What it printed so far. */
  text(): string;
  /** Its exit code, or the signal's name. */
  readonly ended: Promise<number | string | null>;
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | string | null>;
}

/** Resolves when it says that it runs. */
export async function startServerProcess(
  home: string,
  { args = [] as readonly string[], env = {} as Record<string, string> } = {},
): Promise<ServerProcess> {
  const all = ["start", "--no-demo", "--project", home, "--home", home, "--port", "0", ...args];
  const child = spawn(process.execPath, [bin, ...all], {
    env: { ...cleanEnvironment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | string | null>((resolve) =>
    child.once("exit", (code, signal) => resolve(code ?? signal)),
  );
  const text = await untilRunning(child);
  const { url, token } = JSON.parse(readFileSync(join(home, "server.json"), "utf8")) as { url: string; token: string };
  return {
    url,
    token,
    pid: child.pid!,
    text,
    ended,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

function untilRunning(child: ChildProcess): Promise<() => string> {
  let text = "";
  return new Promise((resolve, reject) => {
    const read = (chunk: string): void => {
      text += chunk;
      if (/^(Cellwright runs: .*\n[\s\S]*\n|http:.*\n)/m.test(text)) resolve(() => text);
    };
    child.stdout!.setEncoding("utf8").on("data", read);
    child.stderr!.setEncoding("utf8").on("data", read);
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${text}`)));
  });
}
