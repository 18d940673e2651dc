// A kernel on a server whose connection was lost in the middle of a cell. Jupyter's client connects again under its old session,
// and the server sends what it kept meanwhile. What this adds: a request that got lost on its way is sent once more, when the
// kernel's count says that it never ran; an answer that nobody kept is an error, not a wait for ever. No cell runs twice.
import { setTimeout as wait } from "node:timers/promises";
import type { Kernel, KernelMessage } from "@jupyterlab/services";

type Request = Kernel.IKernelConnection["requestExecute"];
type ExecuteReply = KernelMessage.IExecuteReplyMsg;

export interface LostConnectionOptions {
  /** What the server says of the kernel: idle, busy, … */
  readonly executionState: () => Promise<string>;
  /** A connection lost for so long is not coming back. Default 10 minutes. */
  readonly giveUpMs?: number;
  /** After a connection is there again: so long all has to be quiet before an answer counts as lost. Default 6 s. */
  readonly quietMs?: number;
}

const lookEveryMs = 1000;
const failuresInARow = 10;

class KernelEnded extends Error {}

/** Changes the connection's own `requestExecute` and `requestKernelInfo`. */
export function surviveLostConnections(
  kernel: Kernel.IKernelConnection,
  { executionState, giveUpMs = 600_000, quietMs = 6000 }: LostConnectionOptions,
): void {
  const requestExecute: Request = kernel.requestExecute.bind(kernel);
  const requestInfo = kernel.requestKernelInfo.bind(kernel);
  const losses = new EventTarget();
  const waiting = new Set<string>();
  const heard = new Set<string>();
  let lastSign = performance.now();
  let lostAt: number | undefined;
  /** What the kernel counted last; a fresh one has counted nothing. */
  let count = 0;

  kernel.anyMessage.connect((_, { msg, direction }) => {
    if (direction !== "recv") return;
    lastSign = performance.now();
    const { msg_id: parent } = msg.parent_header as { msg_id?: string };
    if (parent !== undefined && waiting.has(parent)) heard.add(parent);
  });
  kernel.connectionStatusChanged.connect((_, status) => {
    if (status === "connected") return mend();
    if (lostAt === undefined) losses.dispatchEvent(new Event("lost"));
    lostAt ??= performance.now();
    if (status !== "disconnected" || kernel.isDisposed) return;
    // Its seven attempts are over, or the server closed in order: one that is started anew has the kernel, or says that it has not.
    if (performance.now() - lostAt > giveUpMs) losses.dispatchEvent(new Event("gone"));
    else void wait(lookEveryMs).then(comeBack);
  });

  async function comeBack(): Promise<void> {
    if (!kernel.isDisposed) await kernel.reconnect().catch(() => {}); // told as a status too
  }

  function mend(): void {
    const wasLost = lostAt !== undefined;
    lostAt = undefined;
    lastSign = performance.now();
    if (wasLost) losses.dispatchEvent(new Event("mended"));
  }

  kernel.requestKernelInfo = () =>
    new Promise((resolve, reject) => {
      const settled = new AbortController();
      const ask = (): void =>
        void requestInfo()
          .then(resolve, reject)
          .finally(() => settled.abort());
      losses.addEventListener("mended", ask, { signal: settled.signal });
      ask();
    });

  kernel.requestExecute = ((...args: Parameters<Request>) => {
    const future = requestExecute(...args);
    const id = future.msg.header.msg_id;
    const settled = new AbortController();
    waiting.add(id);
    const done = new Promise<ExecuteReply>((resolve, reject) => {
      const lost = (why: string): void => reject(new Error(`The connection to kernel ${kernel.name} was lost: ${why}`));
      const listening = { once: true, signal: settled.signal };
      losses.addEventListener("gone", () => lost(`found none for ${giveUpMs / 1000} s, expected it back`), listening);
      losses.addEventListener("lost", () => void afterLoss().catch(reject), listening);
      future.done.then(resolve, reject);

      async function afterLoss(): Promise<void> {
        let ran: boolean | undefined;
        while (ran === undefined) {
          if (!(await isAnswerLost(settled.signal))) return;
          ran = heard.has(id) || (await hasRun());
        }
        if (ran) return lost("the cell has ended, and the server has not kept all that it said");
        const again = kernel.requestExecute(...args);
        again.onIOPub = (message) => future.onIOPub(message);
        again.done.then(resolve, reject);
      }
    });
    done
      .then(
        (reply) => {
          count = reply.content.execution_count ?? count;
        },
        () => {}, // whoever asked is told
      )
      .finally(() => {
        settled.abort();
        waiting.delete(id);
        heard.delete(id);
      });
    Object.defineProperty(future, "done", { value: done });
    return future;
  }) as Request;

  /** The connection is back, the kernel has nothing to do, and nothing comes any more. */
  async function isAnswerLost(settled: AbortSignal): Promise<boolean> {
    for (let failures = 0; !settled.aborted; ) {
      await wait(lookEveryMs);
      try {
        const state = await executionState();
        if (state === "dead")
          throw new KernelEnded(`The kernel ${kernel.name} ended while the connection to it was lost`);
        const isIdle = state === "idle" && kernel.connectionStatus === "connected";
        if (!isIdle) lastSign = performance.now();
        if (isIdle && !settled.aborted && performance.now() - lastSign > quietMs) return true;
        failures = 0;
      } catch (error) {
        if (error instanceof KernelEnded) throw error;
        if (kernel.connectionStatus === "connected" && ++failures === failuresInARow) throw error;
      }
    }
    return false;
  }

  /**
   * Whether a request that said nothing has run: a silent one, which is not counted, is told how many were. Undefined when the
   * connection was lost again before that was told.
   */
  async function hasRun(): Promise<boolean | undefined> {
    const answered = new AbortController();
    const lostAgain = new Promise<undefined>((resolve) => {
      losses.addEventListener("lost", () => resolve(undefined), { once: true, signal: answered.signal });
    });
    const { done } = requestExecute({ code: "", silent: true, store_history: false });
    const reply = await Promise.race([done, lostAgain]).finally(() => answered.abort());
    return reply && reply.content.execution_count !== count;
  }
}
