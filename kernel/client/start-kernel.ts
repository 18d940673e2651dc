// Starts one of the kernels that come along, ready to be asked.
import type { KernelConnection } from "./kernel-connection.ts";
import { findKernelspec, type KernelName, type LocalKernelspec } from "./kernelspecs.ts";
import { startLocalKernel } from "./local-kernel.ts";

export interface StartKernelOptions {
  /** Default "cellwright". */
  readonly spec?: KernelName | LocalKernelspec;
  /** Working directory. Default this process's. */
  readonly cwd?: string;
  /** The whole environment. Default this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Until it must have answered. Default 60,000. */
  readonly timeoutMs?: number;
}

/** @throws KernelDiedError it ended before it answered, with its last words · Error it did not answer in time */
export function startKernel({
  spec = "cellwright",
  cwd = process.cwd(),
  env = process.env,
  timeoutMs = 60_000,
}: StartKernelOptions = {}): Promise<KernelConnection> {
  return startLocalKernel({ spec: typeof spec === "string" ? findKernelspec(spec) : spec, cwd, env, timeoutMs });
}
