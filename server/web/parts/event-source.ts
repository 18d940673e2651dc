// A stream of server-sent events that heals itself: opened again after a loss, closed while nobody looks at the page (a browser
// keeps six connections to one origin, over all its tabs).
export interface Listener {
  /** By the event's name; data is JSON. */
  readonly events: Readonly<Record<string, (data: unknown) => void>>;
  /** `again`: something may have been missed since the last time. */
  onOpen(again: boolean): void;
  onLost(): void;
}

const firstWaitMs = 500;
const longestWaitMs = 10_000;

/** Follows until the returned function is called. */
export function follow(url: string, { events, onOpen, onLost }: Listener): () => void {
  let source: EventSource | undefined;
  let timer: number | undefined;
  let waitMs = firstWaitMs;
  let opened = false;

  function open(): void {
    const current = new EventSource(url);
    source = current;
    current.onopen = () => {
      waitMs = firstWaitMs;
      onOpen(opened);
      opened = true;
    };
    // The browser's own gives up after a refused reply; this one does not.
    current.onerror = () => {
      onLost();
      close();
      timer = window.setTimeout(open, waitMs);
      waitMs = Math.min(longestWaitMs, waitMs * 2);
    };
    for (const [name, handle] of Object.entries(events))
      current.addEventListener(name, ({ data }) => handle(JSON.parse(data)));
  }

  function close(): void {
    window.clearTimeout(timer);
    source?.close();
    source = undefined;
  }

  function openWhileShown(): void {
    close();
    if (document.visibilityState === "visible") open();
  }

  document.addEventListener("visibilitychange", openWhileShown);
  openWhileShown();
  return () => {
    document.removeEventListener("visibilitychange", openWhileShown);
    close();
  };
}
