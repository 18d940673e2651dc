// Runs planned notebooks, a few at a time, each in a kernel of its own; progress on stderr, results on stdout. Ctrl-C ends the
// cells under way and keeps what they did.

import { findKernelspec, type KernelName } from "../../kernel/client/kernelspecs.ts";
import { startRemoteKernel } from "../../kernel/client/remote-kernel.ts";
import { startKernel } from "../../kernel/client/start-kernel.ts";
import { notebookToHtml } from "../../kernel/notebook/html/notebook-to-html.ts";
import type { Notebook } from "../../kernel/notebook/nbformat.ts";
import { type CellFailure, eventWriter, type RunEvent, type RunStatus } from "../../kernel/runner/events.ts";
import { runNotebook } from "../../kernel/runner/run-notebook.ts";
import { saveText } from "../../kernel/runner/save-notebook.ts";
import { plotlyScript } from "../plotly-script.ts";
import { duration } from "./duration.ts";
import { kernelEnvironment } from "./kernel-environment.ts";
import { exitCodes, note, paint, print } from "./output.ts";
import type { PlannedRun } from "./plan-runs.ts";
import { mark, runProgress } from "./run-progress.ts";

export interface RunNotebooksOptions {
  readonly project: string;
  readonly home: string;
  /** Default: what the notebook says, where it is ours. */
  readonly kernel?: KernelName;
  /** A Jupyter server whose kernels run them. Default: kernels of this machine. */
  readonly gateway?: { readonly url: string; readonly token?: string };
  readonly jobs: number;
  readonly json: boolean;
  readonly timeoutMs?: number;
  readonly cellTimeoutMs?: number;
  /** File descriptor for JSON lines. */
  readonly events?: number;
}

/** Without a place when no kernel came up. */
type Failure = Pick<CellFailure, "ename" | "evalue" | "traceback"> & Partial<CellFailure>;

interface Result {
  readonly path: string;
  /** Absent when no kernel came up. */
  readonly out?: string;
  readonly html?: string;
  readonly status: RunStatus;
  readonly ms: number;
  readonly cells: number;
  readonly ran: number;
  readonly failure?: Failure;
}

/** @returns the exit code */
export async function runNotebooks(runs: readonly PlannedRun[], options: RunNotebooksOptions): Promise<number> {
  const { env, release } = await kernelEnvironment(options);
  const progress = runProgress(runs.map(({ path }) => path));
  const write = options.events === undefined ? () => {} : eventWriter(options.events);
  const stop = stopOnSignals();
  const results = new Array<Result | undefined>(runs.length);
  const queue = [...runs.keys()];
  const worker = async (): Promise<void> => {
    for (let i = queue.shift(); i !== undefined && !stop.signal.aborted; i = queue.shift()) {
      const onEvent = (event: RunEvent): void => {
        write(event);
        progress.show(runs[i!]!.path, event);
      };
      results[i] = await runOne(runs[i]!, options, env, onEvent, stop.signal);
    }
  };
  await Promise.all(Array.from({ length: options.jobs }, worker));
  await release();
  progress.end();
  stop.dispose();
  const done = results.filter((result) => result !== undefined);
  for (const result of done) if (result.failure) note(describeFailure(result));
  if (options.json) print(JSON.stringify({ runs: done }, null, 2));
  else for (const result of done) print(describe(result));
  if (stop.code() !== undefined) return stop.code()!;
  return done.every(({ status }) => status === "ok") ? 0 : exitCodes.failed;
}

async function runOne(
  run: PlannedRun,
  { kernel: named, gateway, project, timeoutMs, cellTimeoutMs }: RunNotebooksOptions,
  env: NodeJS.ProcessEnv,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<Result> {
  const { path, notebook, parameters, out, html } = run;
  const started = performance.now();
  const spec = findKernelspec(named ?? ownKernel(notebook));
  try {
    const kernel = gateway
      ? await startRemoteKernel({ ...gateway, name: spec.name })
      : await startKernel({ spec, cwd: spec.cwd === "project" ? project : run.folder, env });
    try {
      const limits = { ...(timeoutMs && { timeoutMs }), ...(cellTimeoutMs && { cellTimeoutMs }) };
      const report = await runNotebook({ notebook, path, kernel, parameters, out, ...limits, onEvent, signal });
      const { notebook: executed, ...rest } = report;
      if (html !== undefined) saveText(html, notebookToHtml(executed, { plotly: { script: plotlyScript() } }));
      return { ...rest, out, ...(html !== undefined && { html }) };
    } finally {
      await kernel.shutdown();
    }
  } catch (error) {
    const { name: ename, message: evalue } = error as Error;
    const ms = Math.round(performance.now() - started);
    const failure = { ename, evalue, traceback: [evalue] };
    return { path, status: "died", ms, cells: 0, ran: 0, failure };
  }
}

/** A notebook of tslab's, or of a kernel unknown here, runs in ours: the language is the same. */
function ownKernel({ metadata: { kernelspec } }: Notebook): KernelName {
  const { name } = (kernelspec ?? {}) as { name?: unknown };
  return name === "cellwright-run" ? name : "cellwright";
}

/** The first signal cancels what runs, a second one ends the process at once. */
function stopOnSignals(): { signal: AbortSignal; code: () => number | undefined; dispose: () => void } {
  const controller = new AbortController();
  const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  let code: number | undefined;
  const stop = (name: NodeJS.Signals): void => {
    if (code !== undefined) process.exit(code);
    code = codes[name as keyof typeof codes];
    controller.abort();
  };
  for (const name of Object.keys(codes)) process.on(name, stop);
  const dispose = (): void => {
    for (const name of Object.keys(codes)) process.off(name, stop);
  };
  return { signal: controller.signal, code: () => code, dispose };
}

function describe({ path, status, ms, cells, ran, out, html }: Result): string {
  const state = mark(status, process.stdout.isTTY === true);
  const places = [out, html].filter((place) => place !== undefined);
  return [state, path, `${ran} of ${cells} cells`, duration(ms), ...places].join("  ");
}

const shownLines = 30;

/** What went wrong and where, then the cell's code and the traceback. */
function describeFailure({ path, failure }: Result): string {
  const { ename, evalue, traceback, position, of, id, code } = failure!;
  const [reason] = evalue.split("\n");
  const where = position === undefined ? path : `${path}, cell ${position} of ${of} (${id}): ${ename}`;
  const headline = `${paint("✖", 31)} ${where}: ${reason}`;
  const trace = process.stderr.isTTY ? traceback : traceback.map((line) => line.replaceAll(/\x1b\[[0-9;]*m/g, ""));
  return [headline, ...(code === undefined ? [] : numbered(code)), ...trace.map((line) => `  ${line}`)].join("\n");
}

function numbered(code: string): string[] {
  const lines = code.split("\n");
  const shown = lines.slice(0, shownLines).map((line, i) => `${String(i + 1).padStart(4)} | ${line}`);
  return lines.length > shownLines ? [...shown, `     | … ${lines.length - shownLines} more lines`] : shown;
}
