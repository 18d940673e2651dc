// The clocks of the browser: one for relative times, one for what is under way, so that all on a page turn over together.
import { useSyncExternalStore } from "react";

const minuteHand = createClock(10_000);
const secondHand = createClock(1000);

/** For "3 minutes ago". */
export function useNow(): number {
  return useSyncExternalStore(minuteHand.subscribe, minuteHand.now);
}

/** For how long something has been running; stands still where nothing is. */
export function useSecond(ticking: boolean): number {
  return useSyncExternalStore(ticking ? secondHand.subscribe : neverTicks, secondHand.now);
}

function neverTicks(): () => void {
  return () => {};
}

function createClock(tickMs: number) {
  let now = Date.now();
  let timer: number | undefined;
  const listeners = new Set<() => void>();

  function tick(): void {
    now = Date.now();
    for (const listener of listeners) listener();
  }

  function subscribe(listener: () => void): () => void {
    listeners.add(listener);
    now = Date.now();
    timer ??= window.setInterval(tick, tickMs);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0) return;
      window.clearInterval(timer);
      timer = undefined;
    };
  }

  return { subscribe, now: () => now };
}
