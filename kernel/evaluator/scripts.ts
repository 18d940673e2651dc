// Scripts in V8's REPL mode, through this thread's own inspector session.
import { type Runtime, Session } from "node:inspector";
import { promiseHooks } from "node:v8";
import { runtimeName } from "./runtime-name.ts";

/** What came of a script: nothing, a failure of the inspector (terminated, closed), or what the script threw. */
export interface ScriptEnd {
  readonly failure?: Error;
  readonly exception?: Runtime.ExceptionDetails;
}

export interface Script {
  /** Runs its first part. An interrupt may end the caller with it. */
  start(): void;
  /** Gives up waiting for its end. */
  abandon(): void;
}

export class Scripts {
  #session = connected();
  /** What waits for its end, with its promise. */
  readonly #open = new Map<Script, object | undefined>();
  readonly #loud: () => boolean;

  /** @param loud may what a script throws pause a debugger? */
  constructor(loud: () => boolean = () => false) {
    this.#loud = loud;
  }

  get session(): Session {
    return this.#session;
  }

  /** `done` is called once, while it starts or later. */
  prepare(expression: string, done: (end: ScriptEnd) => void): Script {
    const script: Script = {
      start: () => this.#start(script, expression, done),
      abandon: () => this.#abandon(script),
    };
    return script;
  }

  /**
   * A script's promise is held until it is settled. Where nothing else held it, a collection would take it, and V8 then answers the
   * session from inside the collection: JavaScript of the same thread would run there, which ends the process (Node 22). It is the
   * first promise that is made while the script starts.
   */
  #start(script: Script, expression: string, done: (end: ScriptEnd) => void): void {
    this.#open.set(script, undefined);
    const unhook = promiseHooks.onInit((promise: object) => {
      unhook();
      if (this.#open.has(script)) this.#open.set(script, promise);
    }) as () => void;
    try {
      this.#evaluate(script, expression, done);
    } finally {
      unhook();
    }
  }

  #evaluate(script: Script, expression: string, done: (end: ScriptEnd) => void): void {
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

  /** The promise of a script that never ends goes with the session that waits for it: nobody is answered when it is collected. */
  #abandon(script: Script): void {
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
