// Who this kernel works for: when that process is gone, the kernel has no reason to be.
import { readProcessStat } from "./descendants.ts";

const everyMs = 500;

export interface OwnerOptions {
  /** What Jupyter sets JPY_PARENT_PID to: the owner may have started the kernel through another program. */
  jupyterPid?: string | undefined;
}

/** Calls once when the owner has ended; a zombie has ended. */
export function watchOwner(onGone: () => void, { jupyterPid }: OwnerOptions = {}): void {
  const parent = process.ppid;
  const named = Number(jupyterPid);
  const owner = Number.isInteger(named) && named > 1 && isAlive(named) ? named : parent;
  const isGone = owner === parent ? () => process.ppid !== parent : () => !isAlive(owner);
  const timer = setInterval(() => {
    if (!isGone()) return;
    clearInterval(timer);
    onGone();
  }, everyMs);
  timer.unref();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  return readProcessStat(pid)?.state !== "Z";
}
