// Waiting for what other processes do.
import { readFileSync } from "node:fs";
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

/** Looks until it is so. */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  for (const end = performance.now() + withinMs; !(await isSo()); await wait(25)) {
    if (performance.now() > end) throw new Error(`Waited ${withinMs} ms in vain for ${isSo}`);
  }
}
