// A server written in Python, as a process of its own on a port that it is told.
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";

export interface PythonServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** @param args after `python`; `PORT` stands for the port */
export async function startPythonServer(args: readonly string[], port: number): Promise<PythonServer> {
  const python = process.env["CELLWRIGHT_PYTHON"]!;
  const child = spawn(
    python,
    args.map((arg) => arg.replace("PORT", String(port))),
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = `${said}${text}`.slice(-2000);
  });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) break;
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return { url, stop: () => ended(child) };
    await wait(100);
  }
  await ended(child);
  throw new Error(`Cannot start ${args.join(" ")}: it does not answer. ${said}`);
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
