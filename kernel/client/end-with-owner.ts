// node end-with-owner.js OWNER_PID SCRIPT ARGS…: runs a script that knows nothing of owners, and ends it with all it started
// when the owner's process is gone. A thread watches, so that it ends also while its main thread is stuck.
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

const everyMs = 200;
const [node, , owner, script, ...rest] = process.argv as [string, string, string, string, ...string[]];

const code = `setInterval(() => {
  if (process.ppid === ${Number(owner)}) return;
  try { process.kill(-process.pid, "SIGKILL"); } catch { process.kill(process.pid, "SIGKILL"); }
}, ${everyMs});`;
new Worker(code, { eval: true, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 8 } }).unref();

process.argv = [node, script, ...rest];
createRequire(script)(script);
