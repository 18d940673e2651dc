// Which prediction is being answered right now. The store sits on globalThis under a symbol, so that the copy of this
// library inside a bundle and the replica's host, or two copies in one notebook, speak of the same call.
import { AsyncLocalStorage } from "node:async_hooks";
import type { ServingContext } from "../contract/symbols.ts";

const servingSymbol = Symbol.for("cellwright.serving");

/** The context of the call under way, if one is. */
export function currentPrediction(): ServingContext | undefined {
  return storage()?.getStore();
}

/** Runs `work` as the answer to one prediction; everything it awaits belongs to it too. */
export function runPrediction<R>(context: ServingContext, work: () => R): R {
  const holder = globalThis as {
    [servingSymbol]?: AsyncLocalStorage<ServingContext>;
  };
  holder[servingSymbol] ??= new AsyncLocalStorage<ServingContext>();
  return holder[servingSymbol].run(context, work);
}

function storage(): AsyncLocalStorage<ServingContext> | undefined {
  return (globalThis as { [servingSymbol]?: AsyncLocalStorage<ServingContext> })[servingSymbol];
}
