// Waiting for what other processes do.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

/** A zombie has ended: a container's first process may reap it seconds later. */
export function isRunning(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)![0] !== "Z";
  } catch {
    if (process.platform === "linux") return false;
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }
}

/** Running processes with this text in their command line. */
export function processesNaming(text: string): number[] {
  return commandLines().flatMap(([pid, line]) => (line.includes(text) && isRunning(pid) ? [pid] : []));
}

function commandLines(): [pid: number, line: string][] {
  if (process.platform !== "linux") {
    const { stdout } = spawnSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" });
    return stdout.split("\n").map((line) => [Number.parseInt(line, 10), line]);
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => [Number(pid), commandLineOf(pid)]);
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return ""; // ended meanwhile
  }
}

/** Looks until it is so. */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  for (const end = performance.now() + withinMs; !(await isSo()); await wait(25)) {
    if (performance.now() > end) throw new Error(`Waited ${withinMs} ms in vain for ${isSo}`);
  }
}
