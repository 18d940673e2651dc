// node --import end-with-server.js?owner=PID SCRIPT…: ends a job's process, with all it started, when the server's is gone. A
// thread watches, so that it ends also while its main thread is stuck.
import { isMainThread, Worker } from "node:worker_threads";

const everyMs = 150;

if (isMainThread) {
  const owner = Number(new URL(import.meta.url).searchParams.get("owner"));
  forgetFlags(); // what the script forks is not the server's child
  if (process.ppid !== owner) end();
  const code = `setInterval(() => {
    if (process.ppid === ${owner}) return;
    try { process.kill(-process.pid, "SIGKILL"); } catch { process.kill(process.pid, "SIGKILL"); }
  }, ${everyMs});`;
  new Worker(code, { eval: true, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 8 } }).unref();
}

function forgetFlags(): void {
  const at = process.execArgv.indexOf("--import");
  if (at >= 0) process.execArgv.splice(at, 2);
}

function end(): never {
  try {
    process.kill(-process.pid, "SIGKILL");
  } catch {}
  process.exit(1);
}
