// Keeps one application running while it is wanted: prepares its program, starts the process, and starts it again with a growing
// delay when it ends by itself, until that has failed too often.
import { setTimeout as wait } from "node:timers/promises";
import type { ApplicationStatus } from "../../lib/contract/application.ts";
import { messageOf } from "../errors.ts";
import type { ApplicationProcess } from "./application-process.ts";
import { afterEnd, type Ended, type RestartRules } from "./restarts.ts";

export interface SupervisorParts {
  /** A process under way. Throws when there can be none. */
  readonly launch: () => Promise<Launched>;
  readonly restarts: RestartRules;
  /** What it is doing, or how well, changed. */
  readonly onChange: () => void;
  /** It is started no more. */
  readonly onGiveUp: (problem: string) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface Launched {
  readonly process: ApplicationProcess;
  readonly port: number;
  /** After its end: its key opens nothing any more. */
  release(): Promise<void>;
}

export interface SupervisedState {
  readonly status: ApplicationStatus;
  /** "" when well. */
  readonly problem: string;
  /** Where it answers; absent unless it is running. */
  readonly port?: number;
  readonly restarts: number;
  readonly startedAt: number;
}

export interface Supervisor {
  state(): SupervisedState;
  /** Resolves when it runs, is given up or stopped. */
  settled(): Promise<void>;
  /** Ends the process and starts none any more. */
  stop(): Promise<void>;
}

const stopWithinMs = 5000;

export function supervise(parts: SupervisorParts): Supervisor {
  const { launch, restarts: rules, onChange, onGiveUp, clock } = parts;
  const stopping = new AbortController();
  const watchers = new Set<() => void>();
  let state: SupervisedState = { status: "starting", problem: "", restarts: 0, startedAt: clock() };

  function become(next: Partial<SupervisedState>): void {
    const { port: _gone, ...rest } = state;
    state = { ...rest, ...next };
    onChange();
    if (isSettled()) for (const tell of watchers) tell();
  }

  const isSettled = (): boolean =>
    state.status === "running" || state.status === "failed" || state.status === "stopped";

  async function keepRunning(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; ) {
      const { reason, ...ended } = await runOnce();
      if (stopping.signal.aborted) return;
      const verdict = afterEnd(ended, failures, rules);
      if (verdict.do === "give-up") return giveUp(reason);
      failures = verdict.failures;
      become({ status: "restarting", problem: reason, restarts: state.restarts + 1 });
      await wait(verdict.afterMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  async function runOnce(): Promise<Ended & { readonly reason: string }> {
    let launched: Launched;
    try {
      launched = await launch();
    } catch (error) {
      return { readyMs: 0, hopeless: true, reason: messageOf(error) };
    }
    const { process, port, release } = launched;
    const stop = (): void => void process.stop(stopWithinMs);
    if (stopping.signal.aborted) stop();
    else stopping.signal.addEventListener("abort", stop, { once: true });
    const readyAt = (await process.ready) ? performance.now() : undefined;
    if (readyAt !== undefined && !stopping.signal.aborted) become({ status: "running", problem: "", port });
    const reason = await process.ended;
    stopping.signal.removeEventListener("abort", stop);
    await release();
    return { readyMs: readyAt === undefined ? 0 : performance.now() - readyAt, hopeless: false, reason };
  }

  async function giveUp(problem: string): Promise<void> {
    await onGiveUp(problem);
    become({ status: "failed", problem });
  }

  const running = keepRunning();

  return {
    state: () => state,
    settled() {
      if (isSettled()) return Promise.resolve();
      return new Promise((resolve) => {
        const tell = (): void => {
          watchers.delete(tell);
          resolve();
        };
        watchers.add(tell);
      });
    },
    async stop() {
      if (!stopping.signal.aborted && state.status !== "failed") become({ status: "stopping" });
      stopping.abort();
      await running;
      if (state.status !== "failed") become({ status: "stopped", problem: "" });
    },
  };
}
