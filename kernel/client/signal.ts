// A list of listeners in the shape Lab's signals have.
import type { Signal } from "./kernel-connection.ts";

export interface Emitter<S, A> extends Signal<S, A> {
  emit(args: A): void;
}

export function createSignal<S, A>(sender: S): Emitter<S, A> {
  const slots = new Set<(sender: S, args: A) => void>();
  return {
    connect: (slot) => !slots.has(slot) && Boolean(slots.add(slot)),
    disconnect: (slot) => slots.delete(slot),
    emit: (args) => {
      for (const slot of slots) slot(sender, args);
    },
  };
}
