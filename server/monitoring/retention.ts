// How long calls stay on record. The oldest go first, in transactions so small that no call waits for them; what came later about
// a call goes with it. The file does not shrink: its pages are used again.
import type { RetentionStore } from "./retention-store.ts";

export interface RetentionLimits {
  /** Calls older than this go. */
  readonly days: number;
  /** So many stay at most. */
  readonly calls: number;
}

export interface Retention {
  /** @returns calls that are on record no more */
  prune(): Promise<number>;
  /** Prunes a while after now, and then every hour. */
  start(): void;
  /** Resolves when nothing is being pruned any more. */
  close(): Promise<void>;
}

export interface RetentionParts {
  readonly store: RetentionStore;
  readonly limits: RetentionLimits;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly onError?: (error: unknown) => void;
}

const dayMs = 86_400_000;
const firstAfterMs = 60_000;
const everyMs = 3_600_000;
const callsAtOnce = 250;

export function createRetention({ store, limits, clock, onError = () => {} }: RetentionParts): Retention {
  let pruning: Promise<number> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function pruneNow(): Promise<number> {
    const before = clock() - limits.days * dayMs;
    let tooMany = Math.max(0, (await store.countCalls()) - limits.calls);
    await store.deleteAggregates(before);
    for (let all = 0; ; ) {
      if (closed) return all;
      const gone = await store.deleteOldest({ before, tooMany: Math.min(tooMany, callsAtOnce), limit: callsAtOnce });
      all += gone;
      tooMany = Math.max(0, tooMany - gone);
      if (gone < callsAtOnce) return all;
    }
  }

  const prune = (): Promise<number> => (pruning ??= pruneNow().finally(() => (pruning = undefined)));

  function soon(afterMs: number): void {
    timer = setTimeout(() => {
      prune()
        .catch(onError)
        .finally(() => !closed && soon(everyMs));
    }, afterMs).unref();
  }

  return {
    prune,
    start: () => soon(firstAfterMs),
    async close() {
      closed = true;
      clearTimeout(timer);
      await pruning?.catch(() => {});
    },
  };
}
