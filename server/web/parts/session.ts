// Whether this browser's session still holds. Set by the first refused read; the frame then shows how to open it again.
import { useSyncExternalStore } from "react";

let ended = false;
const listeners = new Set<() => void>();

export function markSession(state: "ended" | "open"): void {
  if (ended === (state === "ended")) return;
  ended = state === "ended";
  for (const listener of listeners) listener();
}

export function useSessionEnded(): boolean {
  return useSyncExternalStore(subscribe, () => ended);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
