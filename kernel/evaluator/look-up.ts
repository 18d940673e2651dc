// Values of names while nothing else runs: evaluated by the inspector, which refuses whatever would change something.
import type { Runtime, Session } from "node:inspector";
import { helperNames } from "./lower-syntax.ts";
import { SourceSyntaxError, transpile } from "./transpile.ts";

const group = "look-up";

/** The types of Node 20 do not know these two. */
type EvaluateParameters = Runtime.EvaluateParameterType & { throwOnSideEffect: boolean; timeout: number };

/** The value of an expression, if it can be had without side effects in 200 ms. */
export function lookUp(session: Session, expression: string): Runtime.RemoteObject | undefined {
  const js = toJavaScript(expression);
  if (js === undefined) return undefined;
  let found: Runtime.RemoteObject | undefined;
  session.post(
    "Runtime.evaluate",
    { expression: js, throwOnSideEffect: true, silent: true, timeout: 200, objectGroup: group } as EvaluateParameters,
    (error: Error | null, result?: Runtime.EvaluateReturnType) => {
      if (!error && result && !result.exceptionDetails) found = result.result;
    },
  );
  return found;
}

/** Calls a function with a value as `this`; its result by value. */
export function ask<T>(
  session: Session,
  { objectId }: Runtime.RemoteObject,
  functionDeclaration: string,
): T | undefined {
  if (!objectId) return undefined;
  let answer: T | undefined;
  session.post(
    "Runtime.callFunctionOn",
    { functionDeclaration, objectId, returnByValue: true, silent: true },
    (error, result) => {
      if (!error && result && !result.exceptionDetails) answer = result.result.value as T;
    },
  );
  return answer;
}

/** Names declared by `let`, `const` and `class` in cells so far. */
export function declaredNames(session: Session): string[] {
  let names: string[] = [];
  session.post("Runtime.globalLexicalScopeNames", {}, (error, result) => {
    if (!error && result) names = result.names.filter((name) => !helperNames.test(name));
  });
  return names;
}

export function release(session: Session): void {
  session.post("Runtime.releaseObjectGroup", { objectGroup: group });
}

function toJavaScript(expression: string): string | undefined {
  try {
    return transpile(`(${expression})`).js.trim().replace(/;$/, "");
  } catch (error) {
    if (error instanceof SourceSyntaxError) return undefined;
    throw error;
  }
}
