// Processes of a run that a killed server left behind: found by the run's id in their environment, in whatever group they are,
// and ended before the run starts anew.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

const lookEveryMs = 25;
const withinMs = 10_000;

/** @throws Error they do not end */
export async function endLeftovers(runId: string): Promise<void> {
  for (const end = performance.now() + withinMs; ; await wait(lookEveryMs)) {
    const pids = processesOf(runId);
    if (pids.length === 0) return;
    if (performance.now() > end)
      throw new Error(`Cannot start run ${runId}: found its process ${pids[0]} that does not end, expected none`);
    for (const pid of pids) kill(pid);
  }
}

/** Running processes with `CELLWRIGHT_JOB_RUN=ID` in their environment; ended ones that nobody asked about have none. */
export function processesOf(runId: string): number[] {
  const entry = `CELLWRIGHT_JOB_RUN=${runId}`;
  if (!existsSync("/proc/self/environ")) return fromPs(entry);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => environmentOf(name).split("\0").includes(entry))
    .map(Number);
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return ""; // ended meanwhile, or not ours
  }
}

function fromPs(entry: string): number[] {
  const { stdout } = spawnSync("ps", ["-axww", "-E", "-o", "pid=,command="], { encoding: "utf8" });
  return (stdout ?? "")
    .split("\n")
    .filter((line) => line.includes(entry))
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => pid !== process.pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {} // ended meanwhile
}
