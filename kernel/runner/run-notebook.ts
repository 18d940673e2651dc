// A notebook from top to bottom in a kernel somebody started: values injected, outputs gathered, progress told, the notebook saved
// whatever happens. Stops at the first cell that fails.
import type { KernelConnection, KernelMessage } from "../client/kernel-connection.ts";
import { injectParameters, type Parameters } from "../notebook/inject-parameters.ts";
import { type Cell, isCode, keepsLines, type Notebook, type Output } from "../notebook/nbformat.ts";
import { createOutputRecorder, type OutputRecorder } from "../notebook/record-outputs.ts";
import type { CellFailure, CellOutput, CellPlace, CellStatus, RunEvent, RunStatus } from "./events.ts";
import { failedLine } from "./failed-line.ts";
import { planResume, type ResumeOptions } from "./plan-resume.ts";
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
  /** Goes on after an earlier run (plan-resume.ts). Default: every cell is run. */
  readonly resume?: Pick<ResumeOptions, "earlier" | "from">;
  /** For the whole run. Default none. */
  readonly timeoutMs?: number;
  /** For each cell. Default none. */
  readonly cellTimeoutMs?: number;
  readonly onEvent?: (event: RunEvent) => void;
  /** Interrupts the cell under way and ends the run. */
  readonly signal?: AbortSignal;
}

/** One code cell of the plan. */
export interface CellReport extends CellPlace {
  readonly firstLine: string;
  /** kept: as the earlier run left it; not-run: the run ended before it. */
  readonly status: CellStatus | "kept" | "not-run";
  readonly ms: number;
}

export interface RunReport {
  readonly path: string;
  readonly status: RunStatus;
  readonly ms: number;
  /** Code cells of the plan, how many of them ran through, and how many an earlier run has left nothing to do for. */
  readonly cells: number;
  readonly ran: number;
  readonly kept: number;
  readonly cellReports: readonly CellReport[];
  readonly failure?: CellFailure;
  /** As executed; the one handed in is untouched. */
  readonly notebook: Notebook;
}

/** A run that is killed outright has lost no more than this. */
const saveEveryMs = 10_000;

/** @throws NotebookError a parameter the notebook does not declare, or no cell to go on from; nothing ran */
export async function runNotebook(options: RunNotebookOptions): Promise<RunReport> {
  const { path, kernel, out, parameters = {}, timeoutMs = Number.POSITIVE_INFINITY, signal } = options;
  const { cellTimeoutMs = Number.POSITIVE_INFINITY, onEvent = () => {} } = options;
  const injected = injectParameters(options.notebook, parameters, { name: path });
  const plan = planRun(injected);
  const resumed = options.resume && planResume(injected, { ...options.resume, name: path });
  const notebook = cleared(injected, resumed && keptCells(plan, options.resume!.earlier, resumed.kept));
  const recorder = createOutputRecorder({ lines: keepsLines(options.notebook) });
  const counts = new Map<number, number | null>();
  const reports = plan.map(
    (cell): CellReport => reportOf(cell, resumed?.kept.has(cell.position) ? "kept" : "not-run", 0),
  );
  const toRun = plan.filter(({ position }) => !resumed?.kept.has(position));
  const executed = () => withOutputs(notebook, new Set(toRun.map(({ index }) => index)), recorder, counts);
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  let status: RunStatus = "ok";
  let ran = 0;
  let failure: CellFailure | undefined;
  let saved = started;

  const save = () => out !== undefined && saveNotebook(out, executed());
  process.once("exit", save); // ended in the middle, by a second Ctrl-C for instance
  const places = plan.map(({ position, id, firstLine }) => ({ position, id, firstLine }));
  const earlier = resumed && { kept: [...resumed.kept], again: [...resumed.again] };
  onEvent({ type: "run-started", path, cells: plan.length, plan: places, ...earlier });
  try {
    for (const cell of toRun) {
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
  const told = { cells: plan.length, ran, kept: plan.length - toRun.length, cellReports: reports };
  return { path, status, ms, ...told, ...(failure && { failure }), notebook: executed() };

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
    const ms = Math.round(performance.now() - began);
    reports[position - 1] = reportOf(cell, ended, ms);
    onEvent({ type: "cell-ended", ...place, status: ended, ms });
    return result;
  }
}

interface Kept {
  readonly execution_count: number | null;
  readonly outputs: Output[];
}

/** What the earlier run left of the kept cells, by their index now. */
function keptCells(plan: readonly PlannedCell[], earlier: Notebook, kept: ReadonlySet<number>): Map<number, Kept> {
  const before = planRun(earlier);
  const found = plan.flatMap(({ index, position }, i): [number, Kept][] => {
    const cell = kept.has(position) ? earlier.cells[before[i]!.index]! : undefined;
    return cell && isCode(cell) ? [[index, { execution_count: cell.execution_count, outputs: cell.outputs }]] : [];
  });
  return new Map(found);
}

/** No output of an earlier run stays behind, but for cells that are kept. */
function cleared(notebook: Notebook, kept: ReadonlyMap<number, Kept> = new Map()): Notebook {
  const clear = (cell: Cell, index: number): Cell =>
    isCode(cell) ? { ...cell, ...(kept.get(index) ?? { execution_count: null, outputs: [] }) } : cell;
  return { ...notebook, cells: notebook.cells.map(clear) };
}

function withOutputs(
  notebook: Notebook,
  run: ReadonlySet<number>,
  recorder: OutputRecorder,
  counts: Map<number, number | null>,
): Notebook {
  const cells = notebook.cells.map((cell, index) =>
    isCode(cell) && run.has(index)
      ? { ...cell, execution_count: counts.get(index) ?? null, outputs: recorder.outputsOf(index) }
      : cell,
  );
  return { ...notebook, cells };
}

function reportOf(
  { index, position, of, id, firstLine }: PlannedCell,
  status: CellReport["status"],
  ms: number,
): CellReport {
  return { index, position, of, id, firstLine, status, ms };
}

function failureAt(cell: PlannedCell, { error, executionCount }: CellResult): CellFailure {
  const { index, position, of, id, firstLine, code } = cell;
  const line = failedLine(error!.traceback, executionCount);
  return { index, position, of, id, firstLine, code, ...(line !== undefined && { line }), ...error! };
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
