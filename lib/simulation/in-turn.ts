// Work on many things, some at a time.

export interface InTurnOptions {
  readonly concurrency: number;
  /** After another failure no further thing is begun. */
  readonly goesOnAfter: (error: unknown) => boolean;
}

/** Begins in order; resolves when nothing is under way any more. @returns the first failure */
export async function inTurn<T>(
  things: readonly T[],
  work: (thing: T) => Promise<void>,
  { concurrency, goesOnAfter }: InTurnOptions,
): Promise<unknown> {
  let next = 0;
  let stopped = false;
  let failure: unknown;
  const take = async (): Promise<void> => {
    while (next < things.length && !stopped) {
      await work(things[next++]!).catch((error: unknown) => {
        failure ??= error;
        stopped ||= !goesOnAfter(error);
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, things.length) }, take));
  return failure;
}
