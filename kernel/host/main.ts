// The kernel's process: `node main.js CONNECTION_FILE [--mode check|run]`. It speaks the protocol and never runs a cell; its child does. The child is
// started first, so that both load at the same time.
import { startChild } from "./child-process.ts";

process.on("SIGINT", () => {}); // until the kernel listens: an interrupt while starting has nothing to end
const child = startChild();
try {
  const path = process.argv[2];
  if (!path) throw new Error("Cannot start kernel: found no argument, expected a connection file");
  const { historyFile, modeOf, outputLimitBytes } = await import("./settings.ts");
  const { createChecks } = await import("./checks.ts");
  const checks = createChecks(modeOf(process.argv.slice(3)));
  const { startKernel } = await import("./kernel.ts");
  const options = { checks, ...historyFile(), outputLimitBytes: outputLimitBytes() };
  await startKernel({ path, child, restartChild: startChild, ...options });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  await child.end();
  process.exit(1);
}
