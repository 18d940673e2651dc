// Collects what is added during one turn of the event loop and hands it over at its end, as one batch: one message between
// processes costs as much as fifty calls in it.
export function perTick<T>(deliver: (batch: T[]) => void): (item: T) => void {
  let batch: T[] = [];
  const flush = (): void => {
    const full = batch;
    batch = [];
    deliver(full);
  };
  return (item) => {
    if (batch.push(item) === 1) setImmediate(flush);
  };
}
