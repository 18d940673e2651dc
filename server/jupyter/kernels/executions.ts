// What a kernel's cells have said whose page has gone: a page that comes later asks for it and goes on where the other one was.
// JupyterLab puts the cell's id into the metadata of each request; that is how the later page finds the cell.
import type { SealedMessage } from "../../../kernel/protocol/wire.ts";
import { type AnswerChannel, readJson, stateOf, typeOf } from "./kernel-link.ts";

/** One run of a cell, as the page gets it. Keys as messages have them. */
export interface ExecutionModel {
  /** Of the request. */
  readonly msg_id: string;
  readonly cell_id: string;
  /** All that was said of it so far, in order. */
  readonly messages: readonly object[];
  readonly done: boolean;
}

export interface Executions {
  /** A request on its way to the kernel. */
  ask(message: SealedMessage): void;
  /** A message from the kernel. @returns whether it answers a cell whose page has gone */
  hear(channel: AnswerChannel, message: SealedMessage): boolean;
  /** A page is there again under its old session: it is told what it missed in another way. */
  rejoin(session: string): void;
  /** Those whose page has gone: running, waiting, or ended since. */
  orphans(): ExecutionModel[];
  /** A later page has it. Nothing happens to one that still runs. */
  taken(id: string): void;
  /** The process has ended. */
  clear(): void;
}

interface Execution {
  readonly session: string;
  readonly cellId: string;
  readonly said: Said[];
  bytes: number;
  done: boolean;
}

interface Said {
  readonly channel: AnswerChannel;
  readonly message: SealedMessage;
}

interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
}

const keptBytes = 16_000_000;
const most = 1000;

/** @param isHere whether a page of this session listens */
export function createExecutions(isHere: (session: string) => boolean): Executions {
  const executions = new Map<string, Execution>();

  function ask({ parts: [header, , metadata] }: SealedMessage): void {
    const { msg_type: type, msg_id: id, session } = readJson(header!) as Header;
    const { cellId } = readJson(metadata!) as { cellId?: unknown };
    if (type !== "execute_request" || typeof cellId !== "string") return;
    executions.set(id, { session, cellId, said: [], bytes: 0, done: false });
    const [oldest] = executions.keys();
    if (executions.size > most) executions.delete(oldest!);
  }

  function hear(channel: AnswerChannel, message: SealedMessage): boolean {
    if (executions.size === 0) return false;
    const { msg_id: id } = readJson(message.parts[1]!) as Partial<Header>;
    const execution = executions.get(id ?? "");
    if (!execution) return false;
    keep(execution, { channel, message });
    execution.done ||= isLast(channel, message);
    const isOrphan = !isHere(execution.session);
    if (execution.done && !isOrphan) executions.delete(id!);
    return isOrphan;
  }

  return {
    ask,
    hear,
    rejoin(session) {
      for (const [id, execution] of executions)
        if (execution.session === session && execution.done) executions.delete(id);
    },
    orphans: () =>
      [...executions]
        .filter(([, { session }]) => !isHere(session))
        .map(([id, { cellId, said, done }]) => ({ msg_id: id, cell_id: cellId, messages: said.map(toJson), done })),
    taken(id) {
      if (executions.get(id)?.done) executions.delete(id);
    },
    clear: () => executions.clear(),
  };
}

/** The oldest go first when there is too much. */
function keep(execution: Execution, said: Said): void {
  execution.said.push(said);
  execution.bytes += sizeOf(said.message);
  while (execution.bytes > keptBytes) execution.bytes -= sizeOf(execution.said.shift()!.message);
}

export function sizeOf({ parts, buffers }: SealedMessage): number {
  return [...parts, ...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Nothing is said of a run after its idle; one that another's error has put off says it in its reply. */
function isLast(channel: AnswerChannel, { parts: [header, , , content] }: SealedMessage): boolean {
  if (channel === "iopub") return typeOf(header!) === "status" && stateOf(content!) === "idle";
  return channel === "shell" && (readJson(content!) as { status?: string }).status === "aborted";
}

function toJson({ channel, message: { parts } }: Said): object {
  const [header, parent_header, metadata, content] = parts.map(readJson);
  return { channel, header, parent_header, metadata, content, buffers: [] };
}
