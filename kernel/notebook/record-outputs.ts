// What a kernel publishes → the outputs of a notebook's cells: streams merged, displays updated wherever they stand, results,
// errors, clearing now or with the next output. Knows no kernel; messages are taken by their type and content.
import { isTextType } from "./joined-lines.ts";
import { linesOf, type Metadata, type MultilineText, type Output, type OutputData } from "./nbformat.ts";

export interface OutputMessage {
  readonly header: { readonly msg_type: string };
  readonly content: object;
}

export interface OutputRecorder {
  /** Takes one message on behalf of a cell; says whether some cell's outputs are other ones now. */
  record(cell: number, message: OutputMessage): boolean;
  outputsOf(cell: number): Output[];
}

export interface OutputRecorderOptions {
  /** Write text as lists of lines, as Jupyter does, else as strings. Default true. */
  readonly lines?: boolean;
}

export function createOutputRecorder({ lines = true }: OutputRecorderOptions = {}): OutputRecorder {
  const cells = new Map<number, CellOutputs>();
  const cellOf = (index: number): CellOutputs => {
    const found = cells.get(index) ?? { outputs: [], clearing: false };
    cells.set(index, found);
    return found;
  };
  return {
    record(index, { header, content }) {
      if (header.msg_type === "update_display_data") return update([...cells.values()], content as DisplayContent);
      return take(cellOf(index), header.msg_type, content);
    },
    outputsOf: (index) => cellOf(index).outputs.map((output) => toDisk(output, lines)),
  };
}

interface CellOutputs {
  outputs: Live[];
  /** Cleared when the next output comes. */
  clearing: boolean;
}

/** An output as it grows: text is one string, a display remembers its id. */
type Live = Output & { displayId?: string; chunks?: string[] };

interface DisplayContent {
  readonly data?: OutputData;
  readonly metadata?: Metadata;
  readonly transient?: { readonly display_id?: unknown };
}

function take(cell: CellOutputs, type: string, content: object): boolean {
  if (type === "clear_output") return clear(cell, (content as { wait?: boolean }).wait === true);
  const output = toOutput(type, content);
  if (!output) return false;
  if (cell.clearing) clear(cell, false);
  const last = cell.outputs.at(-1);
  if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name)
    last.chunks!.push(...output.chunks!);
  else cell.outputs.push(output);
  return true;
}

function clear(cell: CellOutputs, wait: boolean): boolean {
  cell.clearing = wait;
  if (!wait) cell.outputs = [];
  return !wait;
}

function toOutput(type: string, content: object): Live | undefined {
  switch (type) {
    case "stream": {
      const { name, text } = content as { name: "stdout" | "stderr"; text: string };
      return text === "" ? undefined : { name, output_type: "stream", text: "", chunks: [text] };
    }
    case "display_data":
    case "execute_result": {
      const { data = {}, metadata = {}, transient } = content as DisplayContent;
      const displayId = transient?.display_id;
      const { execution_count: count = null } = content as { execution_count?: number };
      return {
        data,
        ...(type === "execute_result" ? { execution_count: count } : {}),
        metadata,
        output_type: type,
        ...(typeof displayId === "string" ? { displayId } : {}),
      } as Live;
    }
    case "error": {
      const {
        ename = "Error",
        evalue = "",
        traceback = [],
      } = content as Partial<Record<"ename" | "evalue", string>> & {
        traceback?: string[];
      };
      return { ename, evalue, output_type: "error", traceback: [...traceback] };
    }
    default:
      return undefined;
  }
}

function update(cells: readonly CellOutputs[], { data = {}, metadata = {}, transient }: DisplayContent): boolean {
  const id = transient?.display_id;
  let changed = false;
  for (const output of cells.flatMap(({ outputs }) => outputs)) {
    if (typeof id !== "string" || output.displayId !== id || !("data" in output)) continue;
    Object.assign(output, { data, metadata });
    changed = true;
  }
  return changed;
}

function toDisk(output: Live, lines: boolean): Output {
  const { displayId: _, chunks, ...rest } = output;
  const text = (value: string): MultilineText => (lines ? linesOf(value) : value);
  if (rest.output_type === "stream") return { ...rest, text: text(chunks!.join("")) };
  if (rest.output_type === "error") return rest;
  const data = Object.entries(rest.data)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([mime, value]) => [mime, typeof value === "string" && isTextType(mime) ? text(value) : value]);
  return { ...rest, data: Object.fromEntries(data) };
}
