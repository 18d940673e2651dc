// Scripts in V8's REPL mode, through this thread's own inspector session.
import { type Runtime, Session } from "node:inspector";
import { runtimeName } from "./runtime-name.ts";

/** What came of a script: nothing, a failure of the inspector (terminated, closed), or what the script threw. */
export interface ScriptEnd {
  readonly failure?: Error;
  readonly exception?: Runtime.ExceptionDetails;
}

export class Scripts {
  #session = connected();
  readonly #open = new Set<object>();
  readonly #loud: () => boolean;

  /** @param loud may what a script throws pause a debugger? */
  constructor(loud: () => boolean = () => false) {
    this.#loud = loud;
  }

  get session(): Session {
    return this.#session;
  }

  /** `done` is called once, at once or later; `abandon` gives up waiting for it. */
  start(expression: string, done: (end: ScriptEnd) => void): { abandon(): void } {
    const script = {};
    this.#open.add(script);
    this.#session.post(
      "Runtime.evaluate",
      {
        expression,
        replMode: true,
        awaitPromise: true,
        silent: !this.#loud(),
        objectGroup: "cell",
      } as Runtime.EvaluateParameterType,
      (error: Error | null, result?: Runtime.EvaluateReturnType) => {
        if (!this.#open.delete(script)) return;
        done({
          ...(error && { failure: error }),
          ...(result?.exceptionDetails && { exception: result.exceptionDetails }),
        });
      },
    );
    return { abandon: () => this.#abandon(script) };
  }

  terminate(): void {
    this.#session.post("Runtime.terminateExecution");
  }

  /** The very value that was thrown. */
  thrown({ exception, text }: Runtime.ExceptionDetails): unknown {
    if (!exception) return new Error(text);
    const { objectId, unserializableValue, value, type } = exception;
    if (objectId) return this.#fetch(objectId);
    if (type === "bigint") return BigInt(unserializableValue!.slice(0, -1));
    return unserializableValue === undefined ? value : Number(unserializableValue);
  }

  #fetch(objectId: string): unknown {
    const runtime = (globalThis as unknown as Record<string, { caught?: unknown }>)[runtimeName]!;
    const functionDeclaration = `function () { "use strict"; globalThis.${runtimeName}.caught = this; }`;
    this.#session.post("Runtime.callFunctionOn", { functionDeclaration, objectId, silent: true });
    this.#session.post("Runtime.releaseObjectGroup", { objectGroup: "cell" });
    const { caught } = runtime;
    runtime.caught = undefined;
    return caught;
  }

  /**
   * A script that never ends leaves a promise that may be collected. V8 then answers its session from inside the collection, and a
   * session of the same thread would run JavaScript there, which ends the process: so that session goes first.
   */
  #abandon(script: object): void {
    if (!this.#open.has(script)) return;
    this.#open.clear();
    const old = this.#session;
    this.#session = connected();
    old.disconnect();
  }
}

function connected(): Session {
  const session = new Session();
  session.connect();
  return session;
}
