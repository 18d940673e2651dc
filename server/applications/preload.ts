// Loaded before an application's program: ends the process and all it started when its server is gone, also after kill -9 and
// while the program is stuck in a loop: a thread looks at the parent's process id.
import { isMainThread, Worker } from "node:worker_threads";

const everyMs = 150;
const ownerVariable = "CELLWRIGHT_OWNER_PID";

const owner = Number(process.env[ownerVariable]);
delete process.env[ownerVariable]; // processes that the program starts have another parent

if (isMainThread && owner > 0) {
  const code = `setInterval(() => { if (process.ppid !== ${owner}) process.kill(-process.pid, "SIGKILL"); }, ${everyMs});`;
  new Worker(code, { eval: true, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 8 } }).unref();
}
