// What a kernel is told by its environment: where the project and its home are, and the running server with a key of the kernel's
// own, so that a notebook can deploy to it.
import { readServerFile, type ServerFile } from "../server-file.ts";
import { addressInEnvironment } from "../settings.ts";
import { issueKernelKey, type KernelKey } from "./kernel-key.ts";

const aliveWithinMs = 2000;

export interface KernelEnvironment {
  readonly env: NodeJS.ProcessEnv;
  /** The kernels have ended: their key opens nothing any more. */
  release(): Promise<void>;
}

export async function kernelEnvironment(
  { project, home }: { readonly project: string; readonly home: string },
  env: NodeJS.ProcessEnv = process.env,
): Promise<KernelEnvironment> {
  const own: NodeJS.ProcessEnv = {
    CELLWRIGHT_KERNEL_HISTORY: "off", // nobody typed a headless run's cells
    ...env,
    CELLWRIGHT_PROJECT: project,
    CELLWRIGHT_HOME: home,
  };
  if (addressInEnvironment(env).url) return { env: own, release: async () => {} }; // a server and key of the user's choice
  const server = readServerFile(home);
  const issued = server && (await keyFrom(server));
  const { CELLWRIGHT_TOKEN: _owners, ...without } = own; // a start token in our own environment stays ours
  if (!issued) return { env: without, release: async () => {} };
  return {
    env: { ...without, CELLWRIGHT_URL: server.url, CELLWRIGHT_TOKEN: issued.key },
    release: issued.revoke,
  };
}

/** None when nobody answers: a file may outlive the server that wrote it. */
async function keyFrom(server: ServerFile): Promise<KernelKey | undefined> {
  try {
    if (!(await fetch(`${server.url}/health`, { signal: AbortSignal.timeout(aliveWithinMs) })).ok) return undefined;
  } catch {
    return undefined;
  }
  return issueKernelKey(server, `kernel:${process.pid}`);
}
