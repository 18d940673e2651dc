// At most one run at a time and one per interval; a call in between is answered by one more run at the end.
export interface Throttled {
  call(): void;
  cancel(): void;
}

export function atMostEvery(intervalMs: number, run: () => Promise<unknown>): Throttled {
  let busy = false;
  let again = false;
  let stopped = false;

  async function call(): Promise<void> {
    if (stopped) return;
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    await Promise.allSettled([run(), new Promise((resolve) => setTimeout(resolve, intervalMs))]);
    busy = false;
    if (again) {
      again = false;
      call();
    }
  }

  return {
    call,
    cancel() {
      stopped = true;
    },
  };
}
