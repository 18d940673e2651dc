// A notebook from top to bottom in a kernel somebody started: values injected, outputs gathered, progress told, the notebook saved
// whatever happens. Stops at the first cell that fails.
import type { KernelConnection, KernelMessage } from "../client/kernel-connection.ts";
import { injectParameters, type Parameters } from "../notebook/inject-parameters.ts";
import { type Cell, isCode, keepsLines, type Notebook } from "../notebook/nbformat.ts";
import { createOutputRecorder, type OutputRecorder } from "../notebook/record-outputs.ts";
import type { CellFailure, CellOutput, CellStatus, RunEvent, RunStatus } from "./events.ts";
import { type PlannedCell, planRun } from "./plan-run.ts";
import { type CellResult, runCell } from "./run-cell.ts";
import { saveNotebook } from "./save-notebook.ts";

export interface RunNotebookOptions {
  readonly notebook: Notebook;
  /** How events and errors call it. */
  readonly path: string;
  readonly kernel: KernelConnection;
  /** Where the executed notebook goes: at the end, however it ends, and now and then before. Default nowhere. */
  readonly out?: string;
  readonly parameters?: Parameters;
  /** For the whole run. Default none. */
  readonly timeoutMs?: number;
  /** For each cell. Default none. */
  readonly cellTimeoutMs?: number;
  readonly onEvent?: (event: RunEvent) => void;
  /** Interrupts the cell under way and ends the run. */
  readonly signal?: AbortSignal;
}

export interface RunReport {
  readonly path: string;
  readonly status: RunStatus;
  readonly ms: number;
  /** Code cells to run, and how many of them ran through. */
  readonly cells: number;
  readonly ran: number;
  readonly failure?: CellFailure;
  /** As executed; the one handed in is untouched. */
  readonly notebook: Notebook;
}

/** A run that is killed outright has lost no more than this. */
const saveEveryMs = 10_000;

/** @throws NotebookError a parameter the notebook does not declare; nothing ran */
export async function runNotebook(options: RunNotebookOptions): Promise<RunReport> {
  const { path, kernel, out, parameters = {}, timeoutMs = Number.POSITIVE_INFINITY, signal } = options;
  const { cellTimeoutMs = Number.POSITIVE_INFINITY, onEvent = () => {} } = options;
  const notebook = cleared(injectParameters(options.notebook, parameters, { name: path }));
  const plan = planRun(notebook);
  const recorder = createOutputRecorder({ lines: keepsLines(options.notebook) });
  const counts = new Map<number, number | null>();
  const executed = () => withOutputs(notebook, recorder, counts);
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  let status: RunStatus = "ok";
  let ran = 0;
  let failure: CellFailure | undefined;
  let saved = started;

  const save = () => out !== undefined && saveNotebook(out, executed());
  process.once("exit", save); // ended in the middle, by a second Ctrl-C for instance
  const places = plan.map(({ position, id, firstLine }) => ({ position, id, firstLine }));
  onEvent({ type: "run-started", path, cells: plan.length, plan: places });
  try {
    for (const cell of plan) {
      const result = await run(cell);
      counts.set(cell.index, result.executionCount);
      const failed = result.status !== "ok" && !(result.status === "failed" && cell.mayFail);
      if (failed) {
        status = result.status;
        failure = failureAt(cell, result);
        break;
      }
      ran++;
      if (performance.now() - saved > saveEveryMs) {
        save();
        saved = performance.now();
      }
    }
  } finally {
    process.off("exit", save);
    save();
  }
  const ms = Math.round(elapsed());
  onEvent({ type: "run-ended", path, status, ms, ...(failure && { failedCell: failure }) });
  return { path, status, ms, cells: plan.length, ran, ...(failure && { failure }), notebook: executed() };

  async function run(cell: PlannedCell): Promise<CellResult> {
    const { index, position, of, id, firstLine } = cell;
    const place = { index, position, of, id };
    const began = performance.now();
    onEvent({ type: "cell-started", ...place, firstLine });
    const onOutput = (message: KernelMessage) => {
      if (recorder.record(index, message)) onEvent(outputEvent(index, message));
    };
    const result = await runCell(kernel, cell.code, {
      onOutput,
      timeoutMs: Math.max(0, Math.min(cellTimeoutMs, timeoutMs - elapsed())),
      signal,
    });
    const { error, status: found } = result;
    const told = found === "died" && recorder.outputsOf(index).some((output) => output.output_type === "error");
    if (error && found !== "failed" && !told) onOutput(errorMessage(error)); // the notebook tells what its kernel could not
    const ended: CellStatus = found === "failed" && cell.mayFail ? "ok" : found;
    onEvent({ type: "cell-ended", ...place, status: ended, ms: Math.round(performance.now() - began) });
    return result;
  }
}

/** No output of an earlier run stays behind. */
function cleared(notebook: Notebook): Notebook {
  const clear = (cell: Cell): Cell => (isCode(cell) ? { ...cell, execution_count: null, outputs: [] } : cell);
  return { ...notebook, cells: notebook.cells.map(clear) };
}

function withOutputs(notebook: Notebook, recorder: OutputRecorder, counts: Map<number, number | null>): Notebook {
  const cells = notebook.cells.map((cell, index) =>
    isCode(cell) ? { ...cell, execution_count: counts.get(index) ?? null, outputs: recorder.outputsOf(index) } : cell,
  );
  return { ...notebook, cells };
}

function failureAt({ index, position, of, id, firstLine, code }: PlannedCell, { error }: CellResult): CellFailure {
  return { index, position, of, id, firstLine, code, ...error! };
}

function errorMessage(error: NonNullable<CellResult["error"]>): KernelMessage {
  const header = { msg_id: "", msg_type: "error", session: "", username: "", date: "", version: "" };
  return { channel: "iopub", header, parent_header: {}, metadata: {}, content: { ...error } };
}

function outputEvent(index: number, { header, content }: KernelMessage): CellOutput {
  const type = "cell-output";
  const { name, text, data, ename, evalue } = content as Record<string, unknown>;
  const plain = (data as Record<string, unknown> | undefined)?.["text/plain"];
  switch (header.msg_type) {
    case "stream":
      return { type, index, kind: name as "stdout" | "stderr", text: String(text) };
    case "error":
      return { type, index, kind: "error", text: `${String(ename)}: ${String(evalue)}` };
    default:
      return {
        type,
        index,
        kind: header.msg_type === "execute_result" ? "result" : "display",
        text: typeof plain === "string" ? plain : "",
      };
  }
}
