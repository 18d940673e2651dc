// One server a home. The lock names its owner's process and when that began, so that a lock left by a killed server, or by a
// process whose number someone else has now, is taken over.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The home belongs to a server that runs. */
export class HomeInUseError extends Error {
  override readonly name = "HomeInUseError";
  readonly pid: number;

  constructor(home: string, pid: number) {
    super(`Cannot start on ${home}: found it in use by the server with process id ${pid}`);
    this.pid = pid;
  }
}

/** @returns releases the lock; @throws HomeInUseError another server has it */
export function lockHome(home: string): () => void {
  mkdirSync(home, { recursive: true });
  const path = join(home, "server.lock");
  const mine = identityOf(process.pid)!;
  while (!create(path, mine)) {
    const owner = read(path);
    if (owner === undefined) continue; // released just now
    if (identityOf(pidOf(owner)) === owner) throw new HomeInUseError(home, pidOf(owner));
    takeAway(path, owner);
  }
  return () => {
    if (read(path) === mine) rmSync(path, { force: true });
  };
}

/** Appears with its text, or not at all. */
function create(path: string, identity: string): boolean {
  const written = `${path}.${process.pid}.new`;
  writeFileSync(written, identity, { mode: 0o600 });
  try {
    linkSync(written, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(written, { force: true });
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Only one of two servers that find the same dead owner gets to rename its lock. */
function takeAway(path: string, owner: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // the other one was quicker
  }
  const taken = read(aside);
  rmSync(aside, { force: true });
  if (taken !== owner && taken !== undefined) create(path, taken); // a new owner's lock: give it back
}

function pidOf(identity: string): number {
  return Number(identity.split(" ")[0]);
}

/** Process id and, where the system tells, the time the process began; undefined when no such process runs. */
function identityOf(pid: number): string | undefined {
  try {
    const [state, began] = statOf(pid);
    return state === "Z" ? undefined : `${pid} ${began}`;
  } catch {
    return process.platform === "linux" || !answersSignals(pid) ? undefined : `${pid} -`;
  }
}

/** State and start time from /proc; throws where there is none. */
function statOf(pid: number): [state: string, began: string] {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
  return [fields[0]!, fields[19]!];
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
