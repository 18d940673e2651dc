// The processes that a process has started, and those have, as the system lists them.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Nearest first; empty where the system does not tell. */
export function descendantsOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const { pid, parent } of existsSync("/proc/self/stat") ? fromProc() : fromPs())
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  const found: number[] = [];
  const queue = [root];
  for (let pid = queue.shift(); pid !== undefined; pid = queue.shift()) {
    found.push(...(children.get(pid) ?? []));
    queue.push(...(children.get(pid) ?? []));
  }
  return found;
}

interface Entry {
  readonly pid: number;
  readonly parent: number;
}

function fromProc(): Entry[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = readProcessStat(Number(name));
      return stat ? [{ pid: Number(name), parent: stat.parent }] : [];
    });
}

/** Of a process on Linux: its parent and state ("Z" has ended, but nobody has asked). The name before may hold anything. */
export function readProcessStat(pid: number): { parent: number; state: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state = "", parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

function fromPs(): Entry[] {
  const { stdout } = spawnSync("ps", ["-axo", "pid=,ppid="], { encoding: "utf8" });
  return (stdout ?? "").split("\n").flatMap((line) => {
    const [pid, parent] = line.trim().split(/\s+/).map(Number);
    return pid && parent !== undefined ? [{ pid, parent }] : [];
  });
}
