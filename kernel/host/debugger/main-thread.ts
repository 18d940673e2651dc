// The debugger's line to the cells' thread: inspector commands, and questions to what the evaluator has there for debuggers.
import type { Session } from "node:inspector";
import { questionScript, runtimeName } from "../../evaluator/runtime-name.ts";

export interface RemoteObject {
  readonly type: string;
  readonly subtype?: string;
  readonly className?: string;
  readonly description?: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
  readonly objectId?: string;
  readonly preview?: Preview;
}

export interface Preview {
  readonly overflow: boolean;
  readonly properties: readonly { readonly name: string; readonly type: string; readonly value?: string }[];
}

export interface Evaluated {
  readonly result: RemoteObject;
  readonly exceptionDetails?: { readonly text: string; readonly exception?: RemoteObject };
}

export interface MainThread {
  /** An inspector command. @throws Error what the inspector says */
  post<R = object>(method: string, parameters?: object): Promise<R>;
  /** An expression on the evaluator's object for debuggers, its result by value. @throws Error what it throws */
  ask<R>(expression: string): Promise<R>;
}

/** Objects that a debugger looks at live until it lets go of this group. */
export const objectGroup = "debugger";

export function createMainThread(session: Session): MainThread {
  const post = <R>(method: string, parameters: object = {}): Promise<R> =>
    new Promise((resolve, reject) => {
      session.post(method, parameters, (error, result) => {
        if (error) reject(new Error(error.message));
        else resolve(result as R);
      });
    });
  return {
    post,
    async ask<R>(question: string): Promise<R> {
      const expression = `globalThis.${runtimeName}.debugging.${question}\n//# sourceURL=${questionScript}`;
      const options = { expression, returnByValue: true, silent: true };
      return resultOf(await post<Evaluated>("Runtime.evaluate", options)).value as R;
    },
  };
}

/** @throws Error what the evaluation threw */
export function resultOf({ result, exceptionDetails }: Evaluated): RemoteObject {
  if (!exceptionDetails) return result;
  throw new Error((exceptionDetails.exception?.description ?? exceptionDetails.text).split("\n")[0]);
}
