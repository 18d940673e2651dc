// What rewritten cells call, under one hidden name on globalThis.
import type { Interruptible } from "./interrupts.ts";
import type { ImportRequest, Modules, Namespace } from "./modules.ts";
import { isThenable, type MimeBundle, toBundle } from "./values.ts";

/** A cell on its way. */
export interface Run extends Interruptible {
  readonly id: string;
  readonly number: number;
  readonly label: string;
  /** Of the last expression. */
  shown: MimeBundle | Promise<MimeBundle> | undefined;
  /** Of top-level `using`. */
  disposals: Disposals | undefined;
  over: boolean;
}

export interface RuntimeParts {
  modules: Modules;
  runOf(number: number): Run | undefined;
  current(): Run | undefined;
  /** Notes where an import stands whose error has no place in the cell. */
  noteImport(error: unknown, stack: string): void;
}

export interface Runtime {
  show(run: number, value: unknown): void;
  wait(value: unknown): unknown;
  each(iterable: AsyncIterable<unknown> | Iterable<unknown>): AsyncIterable<unknown>;
  import(specifier: string, options?: ImportCallOptions): Promise<Namespace>;
  imports(specifier: string, requests: readonly ImportRequest[], options?: ImportCallOptions): Promise<unknown[]>;
  constant(name: string): never;
  use(run: number, value: unknown, waits: boolean): unknown;
  disposals(): Disposals;
  readonly meta: Modules["meta"];
}

export function createRuntime({ modules, runOf, current, noteImport }: RuntimeParts): Runtime {
  const wait = (value: unknown): unknown => {
    const run = current();
    if (!run || run.over) return value;
    if (run.interruption) throw run.interruption;
    return isThenable(value) ? interruptible(value, run) : value;
  };
  const placed = <T>(load: () => Promise<T>): Promise<T> => {
    const site = { stack: "" };
    Error.captureStackTrace(site);
    return load().catch((error: unknown) => {
      noteImport(error, site.stack);
      throw error;
    });
  };
  return {
    show: (number, value) => {
      const run = runOf(number);
      if (run && value !== undefined) run.shown = toBundle(value);
    },
    wait,
    each: (iterable) => interruptibleSteps(iterable, wait),
    import: (specifier, options) => placed(() => modules.import(String(specifier), options)),
    imports: (specifier, requests, options) => placed(() => modules.imports(specifier, requests, options)),
    constant: () => {
      throw new TypeError("Assignment to constant variable.");
    },
    use: (number, value, waits) => {
      const run = runOf(number);
      if (!run) return value;
      run.disposals ??= new Disposals();
      return run.disposals.use(value, waits);
    },
    disposals: () => new Disposals(),
    meta: modules.meta,
  };
}

/**
 * The same promise, but an interrupt of its cell rejects it. V8 follows `then(resolve, reject)` with a promise's own functions, and
 * only these, so that a stack trace still shows who awaited.
 */
function interruptible(value: PromiseLike<unknown>, run: Run): Promise<unknown> {
  return new Promise((resolve, reject) => {
    run.waits.add(reject);
    value.then(resolve, reject).then(() => run.waits.delete(reject));
  });
}

function interruptibleSteps(
  iterable: AsyncIterable<unknown> | Iterable<unknown>,
  wait: (value: unknown) => unknown,
): AsyncIterable<unknown> {
  if (typeof iterable === "object" && iterable !== null && Symbol.asyncIterator in iterable) {
    const steps = iterable[Symbol.asyncIterator]();
    return steppingThrough(steps, async (step) => (await wait(step)) as IteratorResult<unknown>);
  }
  const steps = (iterable as Iterable<unknown>)[Symbol.iterator]();
  return steppingThrough(steps, async (step) => {
    const { done = false, value } = (await step) as IteratorResult<unknown>;
    return { done, value: await wait(value) } as IteratorResult<unknown>;
  });
}

function steppingThrough(
  steps: AsyncIterator<unknown> | Iterator<unknown>,
  take: (step: unknown) => Promise<IteratorResult<unknown>>,
): AsyncIterable<unknown> {
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => take(steps.next()),
      return: async (value) => (steps.return ? take(steps.return(value)) : { done: true, value }),
    }),
  };
}

const disposeSymbol = Symbol.dispose ?? Symbol.for("nodejs.dispose");
const asyncDisposeSymbol = Symbol.asyncDispose ?? Symbol.for("nodejs.asyncDispose");

/** What `using` collects; disposed of in reverse order, later errors suppressing earlier ones as the standard has it. */
export class Disposals {
  readonly #stack: { dispose: () => unknown; waits: boolean }[] = [];
  #failed = false;
  #error: unknown;

  use(value: unknown, waits: boolean): unknown {
    if (value === null || value === undefined) return value;
    const methods = value as Record<symbol, unknown>;
    const dispose = (waits ? methods[asyncDisposeSymbol] : undefined) ?? methods[disposeSymbol];
    if (typeof dispose !== "function")
      throw new TypeError(`Cannot use value: found no ${waits ? "Symbol.asyncDispose" : "Symbol.dispose"} method`);
    this.#stack.push({ dispose: () => dispose.call(value), waits });
    return value;
  }

  fail(error: unknown): void {
    this.#error = this.#failed ? suppressed(error, this.#error) : error;
    this.#failed = true;
  }

  dispose(): void {
    for (const { dispose } of this.#stack.splice(0).reverse()) this.#attempt(dispose);
    this.#throw();
  }

  async disposeAsync(): Promise<void> {
    for (const { dispose, waits } of this.#stack.splice(0).reverse()) {
      const result = this.#attempt(dispose);
      if (waits) await Promise.resolve(result).catch((error: unknown) => this.fail(error));
    }
    this.#throw();
  }

  #attempt(dispose: () => unknown): unknown {
    try {
      return dispose();
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  #throw(): void {
    if (this.#failed) throw this.#error;
  }
}

/** SuppressedError, which Node 20 and 22 lack. */
function suppressed(error: unknown, suppressed: unknown): Error {
  const made = new Error("An error was suppressed during disposal");
  return Object.assign(made, { name: "SuppressedError", error, suppressed });
}
