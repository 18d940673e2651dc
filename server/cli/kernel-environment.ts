// What a kernel is told by its environment: where the project and its home are, and the running server, so that a notebook can
// deploy to it.
import { readServerFile } from "../server-file.ts";
import { addressInEnvironment } from "../settings.ts";

const aliveWithinMs = 2000;

export async function kernelEnvironment(
  { project, home }: { readonly project: string; readonly home: string },
  env: NodeJS.ProcessEnv = process.env,
): Promise<NodeJS.ProcessEnv> {
  const own = { ...env, CELLWRIGHT_PROJECT: project, CELLWRIGHT_HOME: home };
  if (addressInEnvironment(env).url) return own;
  const server = readServerFile(home);
  if (!server || !(await isAlive(server.url))) return own;
  return { ...own, CELLWRIGHT_URL: server.url, CELLWRIGHT_TOKEN: server.token };
}

/** A file may outlive the server that wrote it. */
async function isAlive(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`, { signal: AbortSignal.timeout(aliveWithinMs) })).ok;
  } catch {
    return false;
  }
}
