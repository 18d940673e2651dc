// The calling side of the writer thread. What is asked for in one turn of the event loop travels as one message.
import { Worker } from "node:worker_threads";
import { builtModule } from "../built-module.ts";
import { DatabaseClosedError, fromWire } from "../errors.ts";
import type { FromWriter, Outcome, ToWriter, Unit, WriterData } from "./writer-thread.ts";

export interface Writer {
  run(name: string, args: unknown): Promise<unknown>;
  /** After all that was asked for is committed. */
  close(): Promise<void>;
}

interface Waiting {
  readonly unit: Unit;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Started once `data.modules` are loaded; a thread that dies fails what waits for it and is replaced. */
export async function startWriter(data: WriterData): Promise<Writer> {
  let thread = await startThread(data);
  let gathering: Waiting[] = [];
  let closing = false;
  const send = async (): Promise<void> => {
    const batch = gathering;
    gathering = [];
    if (thread.dead && !closing) await replace().catch(() => {});
    thread.send(batch);
  };
  const replace = once(async () => {
    thread = await startThread(data);
  });
  return {
    run(name, args) {
      if (closing) return Promise.reject(ended());
      return new Promise((resolve, reject) => {
        if (gathering.push({ unit: [name, args], resolve, reject }) === 1) setImmediate(() => void send());
      });
    },
    async close() {
      closing = true;
      if (gathering.length > 0) await send();
      await thread.close();
    },
  };
}

interface Thread {
  readonly dead: boolean;
  send(batch: readonly Waiting[]): void;
  close(): Promise<void>;
}

async function startThread(data: WriterData): Promise<Thread> {
  const worker = new Worker(builtModule(new URL("./writer-thread.ts", import.meta.url)), { workerData: data });
  const posted: (readonly Waiting[])[] = [];
  let dead = false;
  let why: Error | undefined;
  const gone = new Promise<void>((resolve) => {
    worker.once("exit", () => {
      dead = true;
      for (const batch of posted.splice(0)) fail(batch, ended(why));
      resolve();
    });
  });
  worker.on("error", (error: Error) => {
    why = error;
  });
  await new Promise<void>((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
    worker.once("exit", () => reject(ended(why)));
  });
  worker.on("message", (outcomes: Exclude<FromWriter, "ready">) => {
    for (const outcome of outcomes) settle(posted.shift() ?? [], outcome);
  });
  return {
    get dead() {
      return dead;
    },
    send(batch) {
      if (dead) return fail(batch, ended(why));
      posted.push(batch);
      try {
        worker.postMessage(batch.map(({ unit }) => unit) satisfies ToWriter);
      } catch {
        posted.pop();
        sendApart(batch);
      }
    },
    async close() {
      if (!dead) worker.postMessage(null satisfies ToWriter);
      await gone;
    },
  };

  /** Arguments that cannot cross (a function in them) fail their caller alone. */
  function sendApart(batch: readonly Waiting[]): void {
    for (const one of batch) {
      posted.push([one]);
      try {
        worker.postMessage([one.unit] satisfies ToWriter);
      } catch (error) {
        posted.pop();
        one.reject(error as Error);
      }
    }
  }
}

function settle(batch: readonly Waiting[], outcomes: readonly Outcome[] | null): void {
  for (let i = 0; i < batch.length; i++) {
    const outcome = outcomes?.[i];
    const { resolve, reject } = batch[i]!;
    if (outcome === undefined) resolve(undefined);
    else if ("error" in outcome) reject(fromWire(outcome.error));
    else resolve(outcome.value);
  }
}

function fail(batch: readonly Waiting[], error: Error): void {
  for (const { reject } of batch) reject(error);
}

function ended(cause?: Error): DatabaseClosedError {
  const why = cause ? `its writer ended: ${cause.message}` : "it is closed";
  return new DatabaseClosedError(`Cannot write to the database: ${why}`, { cause });
}

/** Callers during one run share it. */
function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
}
