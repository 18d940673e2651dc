// Ends this process when its parent is gone, also while its main thread is stuck in a loop: a thread looks at the parent's
// process id. `disconnect` alone is never seen by a stuck replica.
import { Worker } from "node:worker_threads";

const everyMs = 150;

/** @param parentPid as the parent knew it; reading it here could already see the process that adopted us */
export function watchParent(parentPid: number): void {
  const code = `setInterval(() => { if (process.ppid !== ${parentPid}) process.kill(process.pid, "SIGKILL"); }, ${everyMs});`;
  const watcher = new Worker(code, { eval: true, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 8 } });
  watcher.unref();
}
