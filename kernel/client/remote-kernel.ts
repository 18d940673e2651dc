// A kernel on any Jupyter server, ours or Python's, by Jupyter's own client, which connects again when the connection is lost.
import { setTimeout as wait } from "node:timers/promises";
import type { KernelConnection } from "./kernel-connection.ts";
import { LiveWebSocket } from "./live-socket.ts";
import { surviveLostConnections } from "./lost-connection.ts";

export interface RemoteKernelOptions {
  /** Of the Jupyter server: `http://127.0.0.1:8888/lab`, or where its API is. */
  readonly url: string;
  readonly token?: string;
  /** Name of a kernelspec there. */
  readonly name: string;
  /** Until it must have answered. Default 60,000. */
  readonly timeoutMs?: number;
  /** A connection is asked so often whether it lives, and given up when nothing has come by the next time. Default 20,000. */
  readonly pingEveryMs?: number;
}

/** @throws Error the server is not there, refuses the token, has no such kernel, or the kernel does not answer in time */
export async function startRemoteKernel({
  url,
  token = "",
  name,
  timeoutMs = 60_000,
  pingEveryMs = LiveWebSocket.pingEveryMs,
}: RemoteKernelOptions): Promise<KernelConnection> {
  const { KernelAPI, KernelManager, KernelSpecAPI, ServerConnection } = await import("@jupyterlab/services");
  const baseUrl = url.endsWith("/") ? url : `${url}/`;
  class Socket extends LiveWebSocket {
    static override readonly pingEveryMs = pingEveryMs;
  }
  let started = false;
  /** A question to a kernel that has started is asked again on another connection; all else may take its time. */
  const limitOf = ({ method }: Request): number => (started && method === "GET" ? pingEveryMs : timeoutMs);
  const serverSettings = ServerConnection.makeSettings({
    baseUrl,
    wsUrl: baseUrl.replace(/^http/, "ws"),
    token,
    appendToken: true,
    fetch: (request, init) => {
      const asked = request as Request;
      asked.headers.set("connection", "close"); // one kept for later may be dead by then, and a DELETE wait on it for long
      return fetch(asked, { ...init, signal: AbortSignal.timeout(limitOf(asked)) });
    },
    WebSocket: Socket as unknown as ServerSettings["WebSocket"],
  });
  const specs = await KernelSpecAPI.getSpecs(serverSettings).catch((error: unknown) => {
    throw new Error(`Cannot reach Jupyter server ${url}: ${reasonOf(error)}`);
  });
  const names = Object.keys(specs.kernelspecs);
  if (!names.includes(name))
    throw new Error(`Cannot start kernel ${JSON.stringify(name)} at ${url}: expected ${names.join(" or ")}`);
  const manager = new KernelManager({ serverSettings });
  const kernel = await manager.startNew({ name });
  surviveLostConnections(kernel, {
    executionState: async () => (await KernelAPI.getKernelModel(kernel.id, serverSettings))?.execution_state ?? "dead",
  });
  const shutdown = kernel.shutdown.bind(kernel);
  const isNetwork = (error: unknown): boolean => error instanceof ServerConnection.NetworkError;
  kernel.shutdown = async () => {
    await tryAgain(async () => void (await KernelAPI.getKernelModel(kernel.id, serverSettings)), isNetwork); // is the server there?
    await tryAgain(shutdown, isNetwork);
  };
  const release = () => manager.dispose();
  kernel.disposed.connect(release);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const expected = `found no answer in ${timeoutMs / 1000} s, expected one`;
    timer = setTimeout(() => reject(new Error(`Cannot start kernel ${name} at ${url}: ${expected}`)), timeoutMs);
  });
  try {
    await Promise.race([kernel.info, late]);
    started = true;
    return kernel;
  } catch (error) {
    await kernel.shutdown().catch(() => {}); // the first error is told
    release();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

const attempts = 5;

/** A request by HTTP that met a lost connection; waits a little longer each time. */
async function tryAgain(work: () => Promise<void>, isWorthIt: (error: unknown) => boolean): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !isWorthIt(error)) throw error;
      await wait(attempt * 500);
    }
  }
}

type ServerSettings = import("@jupyterlab/services").ServerConnection.ISettings;

/** A refusal by its status; never the token. */
function reasonOf(error: unknown): string {
  const { message, response } = error as { message?: string; response?: { status: number } };
  if (response?.status === 401 || response?.status === 403) return "found a token it refuses, expected its own";
  return message ?? String(error);
}
