// Runs planned notebooks, a few at a time, each in a kernel of its own; progress on stderr, results on stdout. Ctrl-C ends the
// cells under way and keeps what they did.
import { resolve } from "node:path";
import { findKernelspec, type KernelName } from "../../kernel/client/kernelspecs.ts";
import { startRemoteKernel } from "../../kernel/client/remote-kernel.ts";
import { startKernel } from "../../kernel/client/start-kernel.ts";
import { notebookToHtml } from "../../kernel/notebook/html/notebook-to-html.ts";
import type { Notebook } from "../../kernel/notebook/nbformat.ts";
import { eventWriter, type RunEvent } from "../../kernel/runner/events.ts";
import { runNotebook } from "../../kernel/runner/run-notebook.ts";
import { saveFile } from "../../kernel/runner/save-notebook.ts";
import type { PrintPdf } from "../jupyter/export/pdf.ts";
import { plotlyScript } from "../plotly-script.ts";
import { kernelEnvironment } from "./kernel-environment.ts";
import { exitCodes, note, print } from "./output.ts";
import type { PlannedRun } from "./plan-runs.ts";
import { runProgress } from "./run-progress.ts";
import { lineInFile } from "./run-reports/cell-line.ts";
import { describeFailure, describeResult } from "./run-reports/describe.ts";
import { githubAnnotation } from "./run-reports/github.ts";
import { junitReport } from "./run-reports/junit.ts";
import type { RunResult } from "./run-reports/run-result.ts";

export interface RunNotebooksOptions {
  readonly project: string;
  readonly home: string;
  /** Default: what the notebook says, where it is ours. */
  readonly kernel?: KernelName;
  /** A Jupyter server whose kernels run them. Default: kernels of this machine. */
  readonly gateway?: { readonly url: string; readonly token?: string; readonly pingEveryMs?: number };
  readonly jobs: number;
  readonly json: boolean;
  readonly timeoutMs?: number;
  readonly cellTimeoutMs?: number;
  /** File descriptor for JSON lines. */
  readonly events?: number;
  /** Where the JUnit report goes. */
  readonly junit?: string;
  /** Annotations for GitHub Actions on stderr. */
  readonly github?: boolean;
  /** Prints the pages of runs that want it. */
  readonly printPdf?: PrintPdf;
}

/** @returns the exit code */
export async function runNotebooks(runs: readonly PlannedRun[], options: RunNotebooksOptions): Promise<number> {
  if (options.gateway) console.debug = () => {}; // Jupyter's client tells there what it does, and Node prints that among the results
  const { env, release } = await kernelEnvironment(options);
  const progress = runProgress(runs.map(({ path }) => path));
  const write = options.events === undefined ? () => {} : eventWriter(options.events);
  const stop = stopOnSignals();
  const results = new Array<RunResult | undefined>(runs.length);
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
  if (options.github) for (const result of done) annotate(result, runs);
  if (options.junit !== undefined) saveFile(resolve(options.junit), junitReport(done));
  if (options.json) print(JSON.stringify({ runs: done }, null, 2));
  else for (const result of done) print(describeResult(result));
  if (stop.code() !== undefined) return stop.code()!;
  return done.every(({ status }) => status === "ok") ? 0 : exitCodes.failed;
}

async function runOne(
  run: PlannedRun,
  { kernel: named, gateway, project, timeoutMs, cellTimeoutMs, printPdf }: RunNotebooksOptions,
  env: NodeJS.ProcessEnv,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<RunResult> {
  const { path, notebook, parameters, out, resume } = run;
  const started = performance.now();
  const startedAt = Date.now();
  const spec = findKernelspec(named ?? ownKernel(notebook));
  try {
    const kernel = gateway
      ? await startRemoteKernel({ ...gateway, name: spec.name })
      : await startKernel({ spec, cwd: spec.cwd === "project" ? project : run.folder, env });
    try {
      const limits = { ...(timeoutMs && { timeoutMs }), ...(cellTimeoutMs && { cellTimeoutMs }) };
      const report = await runNotebook({
        ...{ notebook, path, kernel, parameters, out, onEvent, signal },
        ...limits,
        ...(resume && { resume }),
      });
      const { notebook: executed, ...rest } = report;
      const written = await writePages(run, executed, printPdf);
      return {
        ...rest,
        out,
        startedAt,
        ...written,
        ...(rest.failure && { status: rest.status, failure: rest.failure }),
      };
    } finally {
      await kernel.shutdown();
    }
  } catch (error) {
    const { name: ename, message: evalue } = error as Error;
    const ms = Math.round(performance.now() - started);
    const failure = { ename, evalue, traceback: [evalue] };
    return { path, status: "died", ms, cells: 0, ran: 0, kept: 0, cellReports: [], startedAt, failure };
  }
}

/** What was executed, as it is wanted besides. A print that fails is a failure of the run, whose notebook and page are kept. */
async function writePages(
  { html, pdf }: PlannedRun,
  executed: Notebook,
  printPdf: PrintPdf | undefined,
): Promise<Pick<RunResult, "html" | "pdf" | "failure"> & { status?: "failed" }> {
  if (html === undefined && pdf === undefined) return {};
  const page = notebookToHtml(executed, { plotly: { script: plotlyScript() } });
  if (html !== undefined) saveFile(html, page);
  const written = html === undefined ? {} : { html };
  if (pdf === undefined || !printPdf) return written;
  try {
    saveFile(pdf, await printPdf(page));
    return { ...written, pdf };
  } catch (error) {
    const { name: ename, message: evalue } = error as Error;
    return { ...written, status: "failed", failure: { ename, evalue, traceback: [] } };
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

function annotate({ path, failure }: RunResult, runs: readonly PlannedRun[]): void {
  if (!failure) return;
  const { id, code, line = 1 } = failure;
  const { notebook } = runs.find((run) => run.path === path)!;
  const place = id === undefined || code === undefined ? undefined : lineInFile(notebook, { id, code }, line);
  note(githubAnnotation({ path, failure, line: place }, process.env["GITHUB_WORKSPACE"] ?? process.cwd()));
}
