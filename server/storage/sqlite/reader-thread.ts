// The thread of long reads. Each has its own cursor; a page is read when it is asked for, so a slow consumer holds no memory.
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { toWire, type WireError } from "../errors.ts";
import { type Cursor, openConnection } from "./connection.ts";

export interface ReaderData {
  readonly file: string;
}

export type ToReader =
  | { readonly open: number; readonly sql: string; readonly parameters: readonly unknown[]; readonly pageRows: number }
  | { readonly next: number }
  | { readonly close: number }
  | null;

/** A page of the read `id`; the first names the columns, `done` says that no more follows. */
export type FromReader =
  | "ready"
  | {
      readonly id: number;
      readonly columns?: readonly string[];
      readonly rows: readonly unknown[][];
      readonly done: boolean;
    }
  | { readonly id: number; readonly error: WireError };

const port = parentPort as MessagePort;
const connection = openConnection((workerData as ReaderData).file, { readOnly: true });
const reads = new Map<number, { readonly cursor: Cursor; readonly pageRows: number }>();

port.on("message", (message: ToReader) => {
  if (message === null) return end();
  const id = "open" in message ? message.open : "next" in message ? message.next : message.close;
  try {
    if ("close" in message) return forget(id);
    if ("open" in message)
      reads.set(id, { cursor: connection.openCursor(message.sql, message.parameters), ...message });
    sendPage(id, "open" in message);
  } catch (error) {
    reads.delete(id);
    port.postMessage({ id, error: toWire(error) } satisfies FromReader);
  }
});
port.postMessage("ready" satisfies FromReader);

function sendPage(id: number, first: boolean): void {
  const { cursor, pageRows } = reads.get(id)!;
  const rows: unknown[][] = [];
  let row: unknown[] | undefined;
  while (rows.length < pageRows && (row = cursor.next())) rows.push(row);
  const done = rows.length < pageRows;
  if (done) reads.delete(id);
  port.postMessage({ id, rows, done, ...(first && { columns: cursor.columns }) } satisfies FromReader);
}

function forget(id: number): void {
  reads.get(id)?.cursor.close();
  reads.delete(id);
}

function end(): void {
  for (const id of [...reads.keys()]) forget(id);
  connection.close();
  port.close();
}
