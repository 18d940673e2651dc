// Which cell code belongs to, through awaits and timers: an AsyncLocalStorage, made fit for a kernel in the Nodes that keep it by hooks.
import { AsyncLocalStorage } from "node:async_hooks";

export function createRunStore<Run>(): AsyncLocalStorage<Run> {
  const store = new AsyncLocalStorage<Run>();
  keepOutOfSight(store as unknown as HookedStore);
  store.run({} as Run, () => {}); // makes Node switch its hooks on; it does not for undefined
  allowTermination();
  return store;
}

interface HookedStore {
  readonly kResourceStore?: symbol;
  readonly enabled?: boolean;
  _propagate?(resource: Record<symbol, unknown>, trigger: Record<symbol, unknown>): void;
}

/** A hooked store is a property of every promise; whoever prints the promise would see it, were it listed. */
function keepOutOfSight(store: HookedStore): void {
  const { kResourceStore: key } = store;
  if (key === undefined || !store._propagate) return;
  store._propagate = (resource, trigger) => {
    const value = trigger[key];
    if (store.enabled && value !== undefined) Object.defineProperty(resource, key, { value, writable: true });
  };
}

interface AsyncWrap {
  readonly async_hook_fields: Record<number, number>;
  readonly constants: { readonly kCheck: number; readonly kTotals: number };
}

/**
 * Lets Runtime.terminateExecution end code in a microtask or timer: with hooks on, Node checks its stack of async ids there and
 * would abort the process. Node 20 and 22 need the check's fields set to zero; Node 24 obeys `--no-force-async-hooks-checks`.
 */
function allowTermination(): void {
  const { async_hook_fields: fields, constants } = (bindingOf("async_wrap") ?? {}) as Partial<AsyncWrap>;
  if (!fields || !constants) return; // not there in this Node: the flag does it
  fields[constants.kCheck] = 0;
  fields[constants.kTotals] = 0;
}

/** An inside of Node's, where this one has it: process.binding is deprecated, and has no successor. */
export function bindingOf(name: string): unknown {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return (process as unknown as { binding(name: string): unknown }).binding(name);
  } catch {
    return undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
