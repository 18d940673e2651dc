// Plots are drawn one after another, each in a task of its own: the first is seen while the others are drawn, and a click comes
// between them.
let last: Promise<unknown> = Promise.resolve();

/** Resolves with what `draw` gives once its turn has come. */
export function inTurn<T>(draw: () => Promise<T> | undefined): Promise<T | undefined> {
  const mine = last.then(nextTask).then(draw);
  last = mine.catch(() => {});
  return mine;
}

/** A message, since timers are held back in pages that lie behind. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
