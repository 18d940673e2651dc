// Runs cells on this thread, one context for all of them: TypeScript → script → V8's REPL mode, through the thread's own inspector
// session. Knows no sockets and no protocol; what a cell prints is not its business.
import type { Runtime as InspectorRuntime } from "node:inspector";
import { cellName } from "./cell-name.ts";
import { type Completion, complete } from "./complete.ts";
import { createDebugging } from "./debugging.ts";
import { type Inspection, inspectName } from "./inspect-name.ts";
import { Interruption, Interrupts } from "./interrupts.ts";
import { createModules, type Namespace } from "./modules.ts";
import { type PreparedCell, prepareCell } from "./prepare-cell.ts";
import { createRunStore } from "./run-store.ts";
import { createRuntime, type Run } from "./runtime.ts";
import { runtimeName } from "./runtime-name.ts";
import { type Script, type ScriptEnd, Scripts } from "./scripts.ts";
import { cellSource, Sources } from "./sources.ts";
import { type CellError, describeError, firstPlace, installStackTraces, type ThrownAt } from "./stack-traces.ts";
import { SourceSyntaxError } from "./transpile.ts";
import type { MimeBundle } from "./values.ts";
import { listVariables, type Variable } from "./variables.ts";

export interface CellInput {
  readonly id: string;
  /** How tracebacks name it: `cell [3]`. */
  readonly label: string;
  readonly code: string;
}

export type Outcome =
  | { readonly status: "ok"; readonly data?: MimeBundle }
  | { readonly status: "error"; readonly error: CellError; readonly interrupted: boolean };

export interface Evaluator {
  /** Does what can be done of the next cell before it may run. */
  prepare(code: string): void;
  /** `done` is called once, also when the cell is interrupted. */
  run(input: CellInput, done: (outcome: Outcome) => void): void;
  /** Id of the cell that the calling code belongs to, through awaits and timers. */
  currentId(): string | undefined;
  describe(error: unknown): CellError;
  /** Cursors are offsets in UTF-16 units. */
  complete(code: string, cursor: number): Completion;
  inspect(code: string, cursor: number, detail: number): Inspection | undefined;
  variables(): Variable[];
  /** Runs work that is no cell's as if it were of one: its output and late errors belong to the id. */
  within<R>(id: string, work: () => R): R;
}

export interface EvaluatorOptions {
  /** The notebook's folder. */
  folder: string;
  /** Modules the host provides itself, by specifier. */
  provided?: ReadonlyMap<string, Namespace>;
  /** Is an interrupt on its way? A cell that fails meanwhile (a child process was ended) was interrupted. */
  isInterrupting?: () => boolean;
}

/** What work of no cell belongs to: it is over before it began, so that nothing waits for it. */
const noCell: Omit<Run, "id"> = {
  number: 0,
  label: "comm",
  interruption: undefined,
  waits: new Set(),
  shown: undefined,
  disposals: undefined,
  over: true,
  fail: () => {},
};

export function createEvaluator({ folder, provided, isInterrupting = () => false }: EvaluatorOptions): Evaluator {
  const sources = new Sources();
  const debugging = createDebugging({ sources, folder });
  const scripts = new Scripts(() => debugging.pausesOnErrors);
  installStackTraces(sources);
  const store = createRunStore<Run>();
  const runs = new Map<number, Run>();
  const constants = new Set<string>();
  const importPlaces = new WeakMap<object, ThrownAt>();
  const interrupts = new Interrupts<Run>(() => scripts.terminate());
  const modules = createModules({ folder, sources, ...(provided && { provided }) });
  const runtime = createRuntime({
    modules,
    runOf: (number) => runs.get(number),
    current: () => store.getStore(),
    noteImport: (error, stack) => {
      const place = firstPlace(stack.split("\n"), sources);
      if (place && typeof error === "object" && error !== null) importPlaces.set(error, place);
    },
  });
  const hidden = {
    ...runtime,
    probe: (insist: boolean) => interrupts.probe(insist),
    settle: () => interrupts.settle(),
    debugging,
    caught: undefined as unknown,
  };
  Object.defineProperty(globalThis, runtimeName, { value: hidden, configurable: true });
  Object.assign(globalThis, { require: modules.require, __dirname: folder });
  let count = 0;
  let latest = "";
  let ahead: { readonly number: number; readonly code: string; readonly cell: PreparedCell } | undefined;

  function run({ id, label, code }: CellInput, done: (outcome: Outcome) => void): void {
    const number = ++count;
    const run: Run = {
      id,
      number,
      label,
      interruption: undefined,
      waits: new Set(),
      shown: undefined,
      disposals: undefined,
      over: false,
      fail: (error) => fail(error),
    };
    let script: Script | undefined;
    const finish = (outcome: Outcome) =>
      interrupts.undisturbed(() => {
        if (run.over) return;
        run.over = true;
        runs.delete(number);
        interrupts.end(run);
        script?.abandon();
        done(outcome);
      });
    const fail = (error: unknown, at?: ThrownAt) =>
      finish({ status: "error", error: describe(error, at), interrupted: error === run.interruption });
    const prepared = prepare(number, label, code, fail);
    if (!prepared) return;
    runs.set(number, run);
    const started = scripts.prepare(prepared, settle);
    script = started; // before it starts: an interrupt may end this very code
    const terminated = interrupts.inside(run, () => store.run(run, () => started.start()));
    if (terminated && run.interruption) fail(run.interruption);

    function settle({ failure, exception }: ScriptEnd): void {
      interrupts.leave(run);
      if (run.over) return;
      if (exception && isInterrupting()) run.interruption ??= new Interruption();
      if (run.interruption && (failure || exception)) fail(run.interruption);
      else if (failure) fail(failure);
      else if (exception && run.disposals) store.run(run, disposeAfter, scripts.thrown(exception));
      else if (exception) fail(scripts.thrown(exception), placeOf(exception));
      else if (run.disposals || run.shown instanceof Promise) store.run(run, completeLate);
      else succeed(run.shown);
    }

    function succeed(data: MimeBundle | undefined): void {
      finish(data ? { status: "ok", data } : { status: "ok" });
    }

    async function completeLate(): Promise<void> {
      try {
        const data = await run.shown;
        await run.disposals?.disposeAsync();
        succeed(data);
      } catch (error) {
        fail(error);
      }
    }

    async function disposeAfter(error: unknown): Promise<void> {
      run.disposals?.fail(error);
      await run.disposals?.disposeAsync().catch((error: unknown) => fail(error));
    }
  }

  /** The script of a cell, known to the stack traces; undefined when its syntax has already failed it. */
  function prepare(number: number, label: string, code: string, fail: (error: unknown, at?: ThrownAt) => void) {
    try {
      const ready = ahead?.number === number && ahead.code === code ? ahead.cell : undefined;
      const { transpiled, rewritten } = ready ?? prepareCell(code, { runId: number, constants, folder });
      const name = cellName(number, code);
      latest = name;
      sources.add(name, cellSource(label, code, transpiled, rewritten));
      for (const [declared, kind] of rewritten.declared)
        kind === "const" ? constants.add(declared) : constants.delete(declared);
      return `${rewritten.script}\n//# sourceURL=${name}`;
    } catch (error) {
      if (!(error instanceof SourceSyntaxError)) throw error;
      sources.add(cellName(number, code), { label, text: code, locate: (position) => position });
      fail(error, { label, ...error.position });
      return undefined;
    }
  }

  /** Whatever runs before that cell makes this one's number another's. */
  function prepareAhead(code: string): void {
    try {
      const number = count + 1;
      ahead = { number, code, cell: prepareCell(code, { runId: number, constants, folder }) };
    } catch {
      ahead = undefined; // what is wrong with it is told when it runs
    }
  }

  function placeOf(details: InspectorRuntime.ExceptionDetails): ThrownAt | undefined {
    const frame = details.stackTrace?.callFrames.find(({ url }) => sources.byScript(url));
    const { lineNumber, columnNumber } = frame ?? details;
    const source = sources.byScript(frame?.url ?? details.url ?? latest);
    return source && { label: source.label, ...source.locate({ line: lineNumber + 1, column: columnNumber + 1 }) };
  }

  function describe(error: unknown, at?: ThrownAt): CellError {
    const noted = typeof error === "object" && error !== null ? importPlaces.get(error) : undefined;
    return describeError(error, sources, noted ?? at);
  }

  return {
    prepare: prepareAhead,
    run,
    describe,
    currentId: () => store.getStore()?.id,
    complete: (code, cursor) => complete(scripts.session, code, cursor),
    inspect: (code, cursor, detail) => inspectName(scripts.session, code, cursor, detail),
    variables: () => listVariables(scripts.session),
    within: (id, work) => store.run({ ...noCell, id }, work),
  };
}
