// Waits out what a busy, restarting or unreachable server may do a moment later.
import { setTimeout as wait } from "node:timers/promises";
import { ServerError } from "../core/request-json.ts";

/** How long nothing may move before a failure that could pass is final. */
const patienceMs = 60_000;
const firstPauseMs = 100;
const longestPauseMs = 2000;

/** Tries again, as long as `progress` moves now and then. @param work told whether it is not the first time */
export async function patiently<T>(work: (again: boolean) => Promise<T>, progress: () => number): Promise<T> {
  let moved = { at: performance.now(), progress: progress() };
  let pauseMs = firstPauseMs;
  for (let again = false; ; again = true) {
    try {
      return await work(again);
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (progress() !== moved.progress) {
        moved = { at: performance.now(), progress: progress() };
        pauseMs = firstPauseMs;
      }
      if (performance.now() - moved.at > patienceMs) throw error;
      await wait(pauseMs);
      pauseMs = Math.min(2 * pauseMs, longestPauseMs);
    }
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof ServerError && [0, 429, 500, 503, 504].includes(error.status);
}
