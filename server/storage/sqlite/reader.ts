// The calling side of the reader thread: a long read as an async iterable of pages. The thread starts with the first.
import { Worker } from "node:worker_threads";
import { builtModule } from "../built-module.ts";
import { DatabaseClosedError, fromWire } from "../errors.ts";
import type { FromReader, ReaderData, ToReader } from "./reader-thread.ts";

export interface Reader {
  read<T>(sql: string, parameters: readonly unknown[], pageRows: number): AsyncIterable<T[]>;
  close(): Promise<void>;
}

type Page = Exclude<FromReader, "ready">;

export function createReader(data: ReaderData): Reader {
  let thread: Promise<Thread> | undefined;
  let closing = false;
  let lastId = 0;
  const started = async (): Promise<Thread> => {
    if (closing) throw ended();
    if (thread && (await thread.catch(() => undefined))?.dead !== false) thread = undefined;
    return (thread ??= startThread(data));
  };
  async function* read<T>(sql: string, parameters: readonly unknown[], pageRows: number): AsyncGenerator<T[]> {
    const reader = await started();
    const id = ++lastId;
    let done = false;
    try {
      let page = await reader.ask(id, { open: id, sql, parameters, pageRows });
      const columns = page.columns ?? [];
      for (;;) {
        done = page.done;
        if (page.rows.length > 0) yield page.rows.map((row) => toObject<T>(columns, row));
        if (done) return;
        page = await reader.ask(id, { next: id });
      }
    } catch (error) {
      done = true;
      throw error;
    } finally {
      if (!done) reader.tell({ close: id });
    }
  }
  return {
    read,
    async close() {
      closing = true;
      await (await thread?.catch(() => undefined))?.close();
    },
  };
}

interface Thread {
  readonly dead: boolean;
  ask(id: number, message: ToReader): Promise<Extract<Page, { rows: unknown }>>;
  tell(message: ToReader): void;
  close(): Promise<void>;
}

async function startThread(data: ReaderData): Promise<Thread> {
  const worker = new Worker(builtModule(new URL("./reader-thread.ts", import.meta.url)), { workerData: data });
  const waiting = new Map<number, { resolve: (page: never) => void; reject: (error: Error) => void }>();
  let dead = false;
  let why: Error | undefined;
  worker.on("error", (error: Error) => {
    why = error;
  });
  const gone = new Promise<void>((resolve) => {
    worker.once("exit", () => {
      dead = true;
      for (const { reject } of waiting.values()) reject(ended(why));
      waiting.clear();
      resolve();
    });
  });
  await new Promise<void>((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
  });
  worker.on("message", (page: Page) => {
    const asked = waiting.get(page.id);
    waiting.delete(page.id);
    if ("error" in page) asked?.reject(fromWire(page.error));
    else asked?.resolve(page as never);
  });
  return {
    get dead() {
      return dead;
    },
    ask: (id, message) =>
      new Promise((resolve, reject) => {
        if (dead) return reject(ended(why));
        waiting.set(id, { resolve, reject });
        worker.postMessage(message);
      }),
    tell: (message) => worker.postMessage(message),
    async close() {
      if (!dead) worker.postMessage(null satisfies ToReader);
      await gone;
    },
  };
}

function toObject<T>(columns: readonly string[], row: readonly unknown[]): T {
  const object: Record<string, unknown> = {};
  for (let i = 0; i < columns.length; i++) object[columns[i]!] = row[i];
  return object as T;
}

function ended(cause?: Error): DatabaseClosedError {
  const why = cause ? `its reader ended: ${cause.message}` : "it is closed";
  return new DatabaseClosedError(`Cannot read the database: ${why}`, { cause });
}
