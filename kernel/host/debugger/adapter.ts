// The debugger: requests of the Debug Adapter Protocol to the inspector of the cells' thread, from the helper thread beside it, so that
// it answers also while a cell is paused. One client at a time, as Jupyter has it.
import type { Session } from "node:inspector";
import { createBreakpoints } from "./breakpoints.ts";
import { type DebugEvent, type DebugRequest, type DebugResponse, threadId } from "./dap.ts";
import { type CallFrame, describeFrame, describeScopes, passedOver, type ShownFrame, shownFrames } from "./frames.ts";
import { createMainThread, type Evaluated, objectGroup, type RemoteObject, resultOf } from "./main-thread.ts";
import { createSourcePaths } from "./source-paths.ts";
import { createVariables, isHidden, labType, plainType } from "./variables.ts";

export interface DebugAdapter {
  handle(request: DebugRequest): Promise<DebugResponse>;
  isPaused(): boolean;
  /** Runs on without a stop while an interrupt is under way. */
  letRun(): void;
  /** Stops again from now on. */
  mayStop(): void;
}

type Arguments = Readonly<Record<string, unknown>>;
type Answer = (given: Arguments) => object | undefined | Promise<object | undefined>;

const capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsSetVariable: true,
  supportsConditionalBreakpoints: true,
  supportsEvaluateForHovers: true,
  exceptionBreakpointFilters: [
    { filter: "uncaught", label: "Uncaught errors", default: false },
    { filter: "all", label: "All errors", default: false },
  ],
};

export function createDebugAdapter(session: Session, tell: (event: DebugEvent) => void): DebugAdapter {
  const main = createMainThread(session);
  const { post, ask } = main;
  const paths = createSourcePaths(process.pid);
  const breakpoints = createBreakpoints(main, paths);
  let typeName = plainType;
  const variables = createVariables(main, (value) => typeName(value));
  let seq = 0;
  let started = false;
  let stepping = false;
  /** Empty while it runs. */
  let frames = new Map<number, ShownFrame>();
  /** Names of scripts, by the inspector's ids. */
  const scripts = new Map<string, string>();
  let paused = false;
  const emit = (event: DebugEvent["event"], body: object = {}) =>
    tell({ type: "event", seq: ++seq, event, body: { threadId, ...body } });

  session.on("Debugger.scriptParsed", ({ params }: { params: unknown }) => {
    const { scriptId, url } = params as { scriptId: string; url: string };
    if (paths.ofScript(url) !== undefined) scripts.set(scriptId, url);
  });
  session.on("Debugger.paused", ({ params }: { params: unknown }) => onPaused(params as Paused));
  session.on("Debugger.resumed", () => onResumed());

  interface Paused {
    callFrames: CallFrame[];
    reason: string;
    hitBreakpoints?: string[];
    data?: RemoteObject;
  }

  function onPaused({ callFrames, reason, hitBreakpoints = [], data }: Paused): void {
    frames = shownFrames(callFrames, scripts, paths);
    paused = true;
    const isError = reason === "exception" || reason === "promiseRejection";
    const why = isError ? "exception" : hitBreakpoints.length > 0 || !stepping ? "breakpoint" : "step";
    stepping = false;
    const text = isError ? data?.description?.split("\n")[0] : undefined;
    emit("stopped", { reason: why, allThreadsStopped: true, ...(text && { text }) });
  }

  function onResumed(): void {
    paused = false;
    frames = new Map();
    variables.forget();
    emit("continued", { allThreadsContinued: true });
  }

  function frameOf(id: unknown): ShownFrame | undefined {
    return frames.get(Number(id)) ?? [...frames.values()][0];
  }

  function requireFrame(id: unknown): ShownFrame {
    const frame = frames.get(Number(id));
    if (!frame) throw new RangeError(`Cannot find frame ${String(id)}: found ${frames.size} frames`);
    return frame;
  }

  async function go(method: string, step: boolean): Promise<object> {
    if (!paused) throw new Error("Cannot go on: found the cells running, expected them paused");
    stepping = step;
    await post(method);
    return { allThreadsContinued: true };
  }

  /** TypeScript, in a frame where the cells are paused. */
  async function evaluate(code: string, frameId: unknown): Promise<RemoteObject> {
    const expression = await ask<string>(`toJavaScript(${JSON.stringify(code)})`);
    const options = { expression, objectGroup, silent: true, generatePreview: true };
    const frame = frameOf(frameId);
    return resultOf(
      frame
        ? await post<Evaluated>("Debugger.evaluateOnCallFrame", { ...options, callFrameId: frame.callFrameId })
        : await post<Evaluated>("Runtime.evaluate", { ...options, replMode: true }),
    );
  }

  async function end(): Promise<void> {
    started = false;
    await breakpoints.clear();
    await ask("pausesOnErrors = false");
    await post("Debugger.disable");
    if (paused) onResumed();
    await post("Runtime.releaseObjectGroup", { objectGroup });
  }

  const answers: Record<string, Answer> = {
    initialize({ clientID }) {
      typeName = clientID === "jupyterlab" ? labType : plainType;
      return capabilities;
    },
    async attach() {
      await post("Debugger.enable");
      await post("Debugger.setBlackboxPatterns", { patterns: passedOver() });
      started = true;
      emit("initialized");
      return undefined;
    },
    configurationDone: () => undefined,
    debugInfo: () => ({
      isStarted: started,
      hashMethod: "Murmur2",
      hashSeed: 0,
      tmpFilePrefix: paths.prefix,
      tmpFileSuffix: paths.suffix,
      breakpoints: breakpoints.all(),
      stoppedThreads: paused ? [threadId] : [],
      richRendering: true,
      exceptionPaths: [],
      copyToGlobals: true,
    }),
    dumpCell: ({ code }) => ({ sourcePath: paths.ofCell(String(code)) }),
    async setBreakpoints({ source, breakpoints: wanted = [] }) {
      requireStarted();
      const { path } = source as { path: string };
      return { breakpoints: await breakpoints.set(path, wanted as { line: number; condition?: string }[]) };
    },
    async setExceptionBreakpoints({ filters = [] }) {
      requireStarted();
      const wanted = filters as string[];
      const state = wanted.includes("all") ? "all" : wanted.includes("uncaught") ? "uncaught" : "none";
      await ask(`pausesOnErrors = ${state !== "none"}`);
      await post("Debugger.setPauseOnExceptions", { state });
      return { breakpoints: [] };
    },
    async source({ source }) {
      const path = String((source as { path?: unknown } | undefined)?.path);
      const content = paths.codeOf(path) ?? (await ask<string>(`read(${JSON.stringify(path)})`));
      return { content, mimeType: "text/typescript" };
    },
    async modules() {
      const files = (await ask<string[]>("files()")).map((name) => paths.ofScript(name)!);
      const modules = [...new Set(files)].map((path) => ({ id: path, name: path.split("/").at(-1), path }));
      return { modules, totalModules: modules.length };
    },
    threads: () => ({ threads: [{ id: threadId, name: "Cells" }] }),
    async stackTrace({ startFrame = 0, levels }) {
      const from = Number(startFrame);
      const wanted = [...frames].slice(from, levels ? from + Number(levels) : undefined);
      const stackFrames: object[] = [];
      for (const entry of wanted) stackFrames.push(await describeFrame(entry, main, paths));
      return { stackFrames, totalFrames: frames.size };
    },
    scopes: ({ frameId }) => ({ scopes: describeScopes(requireFrame(frameId), variables) }),
    async variables({ variablesReference, start, count }) {
      const page = { ...(start ? { start: Number(start) } : {}), ...(count ? { count: Number(count) } : {}) };
      return { variables: await variables.inside(Number(variablesReference), page) };
    },
    async setVariable({ variablesReference, name, value }) {
      const made = await evaluate(String(value), undefined);
      await variables.set(Number(variablesReference), String(name), made);
      return variables.describe(String(name), made);
    },
    async evaluate({ expression, frameId }) {
      const { value, type, variablesReference } = variables.describe("", await evaluate(String(expression), frameId));
      return { result: value, type, variablesReference };
    },
    async inspectVariables() {
      const { names } = await post<{ names: string[] }>("Runtime.globalLexicalScopeNames");
      const shown: object[] = [];
      for (const name of names.filter((name) => !isHidden(name)).sort()) {
        const options = { expression: name, silent: true, generatePreview: true, objectGroup };
        const { result, exceptionDetails } = await post<Evaluated>("Runtime.evaluate", options);
        if (!exceptionDetails) shown.push(variables.describe(name, result));
      }
      return { variables: shown };
    },
    async richInspectVariables({ variableName, frameId }) {
      const value = await evaluate(String(variableName), frameId);
      const holder = resultOf(await post<Evaluated>("Runtime.evaluate", { expression: "globalThis", objectGroup }));
      const made = await post<Evaluated>("Runtime.callFunctionOn", {
        functionDeclaration: "function (value) { return this.__cellwright__.debugging.bundle(value); }",
        objectId: holder.objectId,
        arguments: [value.objectId ? { objectId: value.objectId } : toArgument(value)],
        returnByValue: true,
        silent: true,
      });
      return { data: resultOf(made).value as object, metadata: {} };
    },
    async copyToGlobals({ srcVariableName, dstVariableName, srcFrameId }) {
      const frame = requireFrame(srcFrameId);
      const expression = `globalThis[${JSON.stringify(dstVariableName)}] = ${String(srcVariableName)}`;
      const options = { expression, callFrameId: frame.callFrameId, silent: true };
      resultOf(await post<Evaluated>("Debugger.evaluateOnCallFrame", options));
      return undefined;
    },
    continue: () => go("Debugger.resume", false),
    next: () => go("Debugger.stepOver", true),
    stepIn: () => go("Debugger.stepInto", true),
    stepOut: () => go("Debugger.stepOut", true),
    async pause() {
      requireStarted();
      await post("Debugger.pause");
      return undefined;
    },
    async disconnect() {
      if (started) await end();
      return undefined;
    },
  };

  function requireStarted(): void {
    if (!started) throw new Error("Cannot debug: found no debugger attached, expected attach first");
  }

  return {
    async handle({ seq: asked, command, arguments: given = {} }) {
      const head = { type: "response", request_seq: asked, command } as const;
      try {
        const answer = answers[command];
        if (!answer) throw new Error(`Cannot ${command}: expected one of ${Object.keys(answers).join(", ")}`);
        const body = await answer(given);
        return { ...head, seq: ++seq, success: true, ...(body && { body }) };
      } catch (error) {
        return { ...head, seq: ++seq, success: false, message: (error as Error).message };
      }
    },
    isPaused: () => paused,
    letRun: () => {
      if (!started) return;
      void post("Debugger.setSkipAllPauses", { skip: true }).catch(() => {}); // it has ended: there is nothing to let run
      if (paused) void post("Debugger.resume").catch(() => {});
    },
    mayStop: () => {
      if (started) void post("Debugger.setSkipAllPauses", { skip: false }).catch(() => {});
    },
  };
}

function toArgument({ value, unserializableValue }: RemoteObject): object {
  return unserializableValue === undefined ? { value } : { unserializableValue };
}
